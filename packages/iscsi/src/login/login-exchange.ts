/** Login PDUs of one connection: decodes requests, runs the login, builds responses (RFC 7143 6.3, 11.12, 11.13). */
import type { RawPdu } from "../pdu/codec.ts";
import { uint32 } from "../pdu/fields.ts";
import type { LoginRequest } from "../pdu/login-request.ts";
import { loginResponse } from "../pdu/login-response.ts";
import { decodeInitiatorPdu } from "../pdu/pdus.ts";
import { encodeText } from "../pdu/text.ts";
import { ProtocolError } from "../protocol-error.ts";
import { serialAdd } from "../serial.ts";
import { Login, type LoginOrigin, type LoginPolicy, type LoginStep } from "./login.ts";
import { LoginRefusal, loginStatuses } from "./status.ts";

/** The StatSN of a connection's first response; any number will do (RFC 7143 11.13.3). */
const FIRST_STATSN = 1;
const initiatorTaskTag = uint32(16);
const NO_ISID = new Uint8Array(6);

/** A login that reached its end: what the session starts from. The final response is still to be sent. */
export interface Established extends NonNullable<LoginStep["established"]> {
  readonly request: LoginRequest;
  readonly step: LoginStep;
  readonly statSN: number;
  /** Whether our MaxRecvDataSegmentLength was declared. */
  readonly declared: boolean;
}

export type LoginOutcome =
  | { readonly kind: "continue"; readonly response: RawPdu }
  | { readonly kind: "refused"; readonly response: RawPdu; readonly refusal: LoginRefusal }
  | { readonly kind: "established"; readonly established: Established };

interface Numbers {
  readonly statSN: number;
  readonly expCmdSN: number;
  readonly maxCmdSN: number;
}

/** The response to a Login Request that is not refused. */
export function encodeLoginStep(
  request: LoginRequest,
  step: LoginStep,
  numbers: Numbers,
  tsih: number,
): RawPdu {
  return loginResponse.encode({
    ...numbers,
    transit: step.transit,
    continue: false,
    csg: request.csg,
    nsg: step.transit ? request.nsg : 0,
    versionMax: 0,
    versionActive: 0,
    isid: request.isid,
    tsih,
    initiatorTaskTag: request.initiatorTaskTag,
    statusClass: 0,
    statusDetail: 0,
    data: step.data,
  });
}

export class LoginExchange {
  readonly #login: Login;
  #statSN = FIRST_STATSN;

  constructor(policy: LoginPolicy, origin: LoginOrigin) {
    this.#login = new Login(policy, origin);
  }

  get initiatorName(): string | undefined {
    return this.#login.initiatorName;
  }

  get targetName(): string | undefined {
    return this.#login.targetName;
  }

  /** Takes any PDU that comes before full feature phase. */
  receive(raw: RawPdu): LoginOutcome {
    const request = decodeInitiatorPdu(raw);
    if (request instanceof ProtocolError) {
      return this.#refuse(raw, new LoginRefusal("INITIATOR ERROR", request.detail));
    }
    if (request.kind !== "LoginRequest") {
      const detail = `${request.kind} before the login was complete`;
      return this.#refuse(raw, new LoginRefusal("INVALID DURING LOGIN", detail));
    }
    const step = this.#login.request(request);
    if (step instanceof LoginRefusal) return this.#refuse(raw, step, request);
    if (step.established !== undefined) {
      const { declared } = this.#login;
      const established = { ...step.established, request, step, statSN: this.#statSN, declared };
      return { kind: "established", established };
    }
    const numbers = this.#numbers(request.cmdSN);
    const response = encodeLoginStep(request, step, numbers, request.tsih);
    return { kind: "continue", response };
  }

  #numbers(cmdSN: number): Numbers {
    const statSN = this.#statSN;
    this.#statSN = serialAdd(statSN, 1);
    return { statSN, expCmdSN: cmdSN, maxCmdSN: cmdSN };
  }

  #refuse(raw: RawPdu, refusal: LoginRefusal, request?: LoginRequest): LoginOutcome {
    const [statusClass, statusDetail] = loginStatuses[refusal.status];
    const response = loginResponse.encode({
      ...this.#numbers(request?.cmdSN ?? 0),
      transit: false,
      continue: false,
      csg: request?.csg ?? 0,
      nsg: 0,
      versionMax: 0,
      versionActive: 0,
      isid: request?.isid ?? NO_ISID,
      tsih: request?.tsih ?? 0,
      initiatorTaskTag: initiatorTaskTag.read(raw.bhs),
      statusClass,
      statusDetail,
      data: encodeText(refusal.text),
    });
    return { kind: "refused", response, refusal };
  }
}
