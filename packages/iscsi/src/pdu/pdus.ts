/** All PDUs, by the opcode that announces them (RFC 7143 11.2.1.2). */
import { ProtocolError } from "../protocol-error.ts";
import { asyncMessage } from "./async-message.ts";
import { bhsFields } from "./bhs.ts";
import type { RawPdu } from "./codec.ts";
import { dataIn } from "./data-in.ts";
import { dataOut } from "./data-out.ts";
import { loginRequest } from "./login-request.ts";
import { loginResponse } from "./login-response.ts";
import { logoutRequest } from "./logout-request.ts";
import { logoutResponse } from "./logout-response.ts";
import { nopIn } from "./nop-in.ts";
import { nopOut } from "./nop-out.ts";
import { r2t } from "./r2t.ts";
import { reject } from "./reject.ts";
import { scsiCommand } from "./scsi-command.ts";
import { scsiResponse } from "./scsi-response.ts";
import { snackRequest } from "./snack-request.ts";
import { taskManagementRequest } from "./task-management-request.ts";
import { taskManagementResponse } from "./task-management-response.ts";
import { textRequest } from "./text-request.ts";
import { textResponse } from "./text-response.ts";

/** What an initiator sends. */
export const initiatorPdus = {
  NopOut: nopOut,
  ScsiCommand: scsiCommand,
  TaskManagementRequest: taskManagementRequest,
  LoginRequest: loginRequest,
  TextRequest: textRequest,
  DataOut: dataOut,
  LogoutRequest: logoutRequest,
  SnackRequest: snackRequest,
} as const;

/** What a target sends. */
export const targetPdus = {
  NopIn: nopIn,
  ScsiResponse: scsiResponse,
  TaskManagementResponse: taskManagementResponse,
  LoginResponse: loginResponse,
  TextResponse: textResponse,
  DataIn: dataIn,
  LogoutResponse: logoutResponse,
  R2T: r2t,
  AsyncMessage: asyncMessage,
  Reject: reject,
} as const;

type Codecs = Readonly<
  Record<string, { readonly opcode: number; decode(raw: RawPdu): { kind: string } | ProtocolError }>
>;
type DecodedOf<C extends Codecs> = Exclude<ReturnType<C[keyof C]["decode"]>, ProtocolError>;

/** Any PDU of an initiator, told apart by `kind`. */
export type InitiatorPdu = DecodedOf<typeof initiatorPdus>;
/** Any PDU of a target, told apart by `kind`. */
export type TargetPdu = DecodedOf<typeof targetPdus>;

function decoderOf<C extends Codecs>(codecs: C) {
  const byOpcode = new Map(Object.values(codecs).map((codec) => [codec.opcode, codec]));
  return (raw: RawPdu): DecodedOf<C> | ProtocolError => {
    const opcode = bhsFields.opcode.read(raw.bhs);
    const codec = byOpcode.get(opcode);
    if (codec === undefined) {
      const detail = `opcode 0x${opcode.toString(16)} is not known`;
      return new ProtocolError("Command Not Supported", detail);
    }
    // Each codec of the table decodes to its own member of the union.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return codec.decode(raw) as DecodedOf<C> | ProtocolError;
  };
}

/** A PDU an initiator sent, or what is wrong with it. */
export const decodeInitiatorPdu = decoderOf(initiatorPdus);
/** A PDU a target sent, or what is wrong with it. */
export const decodeTargetPdu = decoderOf(targetPdus);
