/** Login phase (RFC 7143 6), as an initiator: security stage with or without CHAP, then the operational stage. */
import { answerChallenge, type ChapCredentials, chapAlgorithms, verifyTarget } from "./chap.ts";
import { IscsiError } from "./errors.ts";
import { LOGIN_STAGES, type LoginStage } from "./opcodes.ts";
import { DEFAULT_WISHES, offerOf, type Parameters, settle, type Wishes } from "./parameters.ts";
import { decodeTargetPdu, type LoginResponse } from "./pdu-in.ts";
import { encodeLoginRequest } from "./pdu-out.ts";
import { isAfter, next } from "./sequence.ts";
import { decodeText, encodeText } from "./text.ts";
import type { Transport } from "./transport.ts";

export interface LoginOptions {
  readonly initiatorName: string;
  readonly sessionType: "Discovery" | "Normal";
  readonly targetName?: string;
  readonly isid: Uint8Array;
  readonly tsih: number;
  readonly cid: number;
  readonly chap?: ChapCredentials | undefined;
  readonly wishes: Wishes;
  /** Keys to send besides the usual ones in the operational stage. */
  readonly extraKeys?: readonly (readonly [string, string])[];
  /** Begin in the operational stage, which is allowed where no authentication is needed. */
  readonly skipSecurityStage?: boolean;
  readonly timeoutMs: number;
}

export interface LoginResult {
  readonly parameters: Parameters;
  /** Every key the target sent, the last value of each. */
  readonly answers: ReadonlyMap<string, string>;
  readonly tsih: number;
  readonly cmdSN: number;
  readonly expStatSN: number;
  readonly maxCmdSN: number;
}

/** A target that never comes to an end is a fault; RFC 7143 names no number. */
const ROUNDS_MAX = 20;
const INITIAL_CMD_SN = 1;

/** Asks and waits for one Login Response. */
const receiveLoginResponse = (transport: Transport, timeoutMs: number) =>
  new Promise<LoginResponse>((resolve, reject) => {
    const timer = setTimeout(
      () => transport.fail(new IscsiError("timeout", `no Login Response in ${timeoutMs} ms`)),
      timeoutMs,
    );
    const settled = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    transport.handler = {
      place: () => undefined,
      pdu: (bhs, data) => {
        const pdu = decodeTargetPdu(bhs, data);
        if (pdu.kind === "loginResponse") return settled(() => resolve(pdu));
        throw new IscsiError("protocol", `${pdu.kind} in the login phase`);
      },
      closed: (error) => settled(() => reject(error)),
    };
  });

class LoginPhase {
  readonly answers = new Map<string, string>();
  tsih: number;
  expStatSN = 0;
  maxCmdSN = 0;
  readonly #transport: Transport;
  readonly #options: LoginOptions;
  #rounds = 0;

  constructor(transport: Transport, options: LoginOptions) {
    this.#transport = transport;
    this.#options = options;
    this.tsih = options.tsih;
  }

  /** Sends pairs, gathers the answer (over several PDUs when C is set). */
  async exchange(
    stage: LoginStage,
    nextStage: LoginStage,
    transit: boolean,
    pairs: readonly (readonly [string, string])[],
  ): Promise<{ readonly pairs: Map<string, string>; readonly moved: boolean }> {
    const received: Buffer[] = [];
    let send = pairs;
    for (;;) {
      const response = await this.#round(stage, nextStage, transit, send);
      received.push(response.data);
      if (response.continues) {
        send = [];
        continue;
      }
      const theirs = new Map(decodeText(Buffer.concat(received)));
      for (const [key, value] of theirs) this.answers.set(key, value);
      if (response.transit && response.nextStage !== nextStage)
        throw new IscsiError("protocol", `the target moved to stage ${response.nextStage}`);
      return { pairs: theirs, moved: response.transit };
    }
  }

  async #round(
    currentStage: LoginStage,
    nextStage: LoginStage,
    transit: boolean,
    pairs: readonly (readonly [string, string])[],
  ): Promise<LoginResponse> {
    this.#rounds += 1;
    if (this.#rounds > ROUNDS_MAX) throw new IscsiError("protocol", "the login does not end");
    const data = encodeText(pairs);
    const { isid, cid, timeoutMs } = this.#options;
    const response = receiveLoginResponse(this.#transport, timeoutMs);
    const header = encodeLoginRequest({
      transit,
      currentStage,
      nextStage,
      isid,
      tsih: this.tsih,
      cid,
      initiatorTaskTag: 0,
      cmdSN: INITIAL_CMD_SN,
      expStatSN: this.expStatSN,
      dataLength: data.length,
    });
    this.#transport.send(header, data);
    return this.#accept(await response, currentStage);
  }

  #accept(response: LoginResponse, stage: LoginStage): LoginResponse {
    const { statusClass, statusDetail } = response;
    if (statusClass !== 0) {
      const code = statusClass * 256 + statusDetail;
      const message = `the target refused the login: status 0x${code.toString(16).padStart(4, "0")}`;
      throw new IscsiError("login refused", message, code);
    }
    if (response.currentStage !== stage)
      throw new IscsiError("protocol", `answer in stage ${response.currentStage}, not ${stage}`);
    if (isAfter(response.expCmdSN, INITIAL_CMD_SN))
      throw new IscsiError("protocol", "a login request took a CmdSN");
    this.expStatSN = next(response.statSN);
    this.maxCmdSN = response.maxCmdSN;
    this.tsih = response.tsih;
    return response;
  }
}

const identityPairs = (options: LoginOptions): [string, string][] => {
  const pairs: [string, string][] = [
    ["InitiatorName", options.initiatorName],
    ["SessionType", options.sessionType],
  ];
  if (options.targetName !== undefined) pairs.push(["TargetName", options.targetName]);
  return pairs;
};

const { security, operational, fullFeature } = LOGIN_STAGES;

const authenticate = async (phase: LoginPhase, options: LoginOptions): Promise<void> => {
  const identity = identityPairs(options);
  if (options.chap === undefined) {
    const offer: [string, string][] = [...identity, ["AuthMethod", "None"]];
    let step = await phase.exchange(security, operational, true, offer);
    while (!step.moved) step = await phase.exchange(security, operational, true, []);
    return;
  }
  const offer: [string, string][] = [...identity, ["AuthMethod", "CHAP"]];
  const method = await phase.exchange(security, operational, false, offer);
  if (method.pairs.get("AuthMethod") !== "CHAP")
    throw new IscsiError("login refused", "the target does not want CHAP");
  const asked = await phase.exchange(security, operational, false, [["CHAP_A", chapAlgorithms]]);
  const { pairs, challenge } = answerChallenge(options.chap, asked.pairs);
  const proof = await phase.exchange(security, operational, true, pairs);
  verifyTarget(options.chap, challenge, proof.pairs);
  let moved = proof.moved;
  while (!moved) ({ moved } = await phase.exchange(security, operational, true, []));
};

/** Runs the login phase. Throws IscsiError; on success digests are in force on the transport. */
export const login = async (transport: Transport, options: LoginOptions): Promise<LoginResult> => {
  const phase = new LoginPhase(transport, options);
  if (options.skipSecurityStage !== true) await authenticate(phase, options);
  const discovery = options.sessionType === "Discovery";
  const wishes = discovery
    ? { ...DEFAULT_WISHES, maxRecvDataSegmentLength: options.wishes.maxRecvDataSegmentLength }
    : options.wishes;
  const offer = [
    ...(options.skipSecurityStage === true ? identityPairs(options) : []),
    ...(discovery
      ? [["MaxRecvDataSegmentLength", String(wishes.maxRecvDataSegmentLength)] as const]
      : offerOf(wishes)),
    ...(options.extraKeys ?? []),
  ];
  let step = await phase.exchange(operational, fullFeature, true, offer);
  while (!step.moved) step = await phase.exchange(operational, fullFeature, true, []);
  if (phase.tsih === 0) throw new IscsiError("protocol", "the final Login Response has TSIH 0");
  const parameters = settle(wishes, phase.answers);
  transport.useDigests(parameters.headerDigest === "CRC32C", parameters.dataDigest === "CRC32C");
  const { answers, tsih, expStatSN, maxCmdSN } = phase;
  return { parameters, answers, tsih, cmdSN: INITIAL_CMD_SN, expStatSN, maxCmdSN };
};
