/** A PDU in full feature phase: its CmdSN first, then its handler (RFC 7143 4.2.2.1, 11). */
import { bhsFields, initiatorOpcodes } from "../pdu/bhs.ts";
import type { RawPdu } from "../pdu/codec.ts";
import { uint32 } from "../pdu/fields.ts";
import { decodeInitiatorPdu, type InitiatorPdu } from "../pdu/pdus.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { Session } from "../session.ts";
import { handleDataOut } from "./data-out.ts";
import { handleLogoutRequest } from "./logout-request.ts";
import { handleNopOut } from "./nop-out.ts";
import { handleScsiCommand } from "./scsi-command.ts";
import { handleSnackRequest } from "./snack-request.ts";
import { handleTaskManagementRequest } from "./task-management-request.ts";
import { handleTextRequest } from "./text-request.ts";

/** What became of a PDU: nothing more to do, or an error to report. */
export type Outcome = ProtocolError | undefined;

type Handlers = {
  readonly [P in InitiatorPdu as P["kind"]]: (session: Session, pdu: P) => Outcome;
};

const handlers: Handlers = {
  NopOut: handleNopOut,
  ScsiCommand: handleScsiCommand,
  TaskManagementRequest: handleTaskManagementRequest,
  TextRequest: handleTextRequest,
  DataOut: handleDataOut,
  LogoutRequest: handleLogoutRequest,
  LoginRequest: () => new ProtocolError("Protocol Error", "a login in full feature phase", "close"),
  SnackRequest: handleSnackRequest,
};

const cmdSN = uint32(24);
const expStatSN = uint32(28);
/** Initiator opcodes are 0x00 to 0x1f; these of them carry no CmdSN. */
const INITIATOR_OPCODE_MAX = 0x1f;
const withoutCmdSN: ReadonlySet<number> = new Set([
  initiatorOpcodes.DataOut,
  initiatorOpcodes.SnackRequest,
  initiatorOpcodes.LoginRequest,
]);

function carriesCmdSN(raw: RawPdu): boolean {
  const opcode = bhsFields.opcode.read(raw.bhs);
  return opcode <= INITIATOR_OPCODE_MAX && !withoutCmdSN.has(opcode);
}

/** Immediate PDUs that stay outstanding, and so are limited. */
const limitedKinds: ReadonlySet<InitiatorPdu["kind"]> = new Set([
  "ScsiCommand",
  "TaskManagementRequest",
]);

function handle(session: Session, pdu: InitiatorPdu): Outcome {
  const counts = pdu.immediate && limitedKinds.has(pdu.kind);
  if (counts && session.immediateOutstanding >= session.home.limits.immediateCommandsMax) {
    return new ProtocolError("Immediate Command Reject", "too many immediate commands");
  }
  // The handler of the PDU's own kind: the table's type pairs them.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const handler = handlers[pdu.kind] as (session: Session, pdu: InitiatorPdu) => Outcome;
  return handler(session, pdu);
}

/** Runs a PDU whose digests are good. A rejected command has used its CmdSN: the RFC lets it not be sent again. */
export function dispatch(session: Session, raw: RawPdu): Outcome {
  session.acknowledge(expStatSN.read(raw.bhs));
  if (!carriesCmdSN(raw) || bhsFields.immediate.read(raw.bhs)) return run(session, raw);
  const number = cmdSN.read(raw.bhs);
  const verdict = session.window.take(number);
  if (verdict === "ignore") return undefined;
  if (verdict === "accept") return run(session, raw);
  if (!session.recoversData) {
    return new ProtocolError("Protocol Error", "a CmdSN was skipped", "close");
  }
  session.heldCommands.hold(number, raw);
  return undefined;
}

/** The command that was held for the one just run, if any. Its data is the caller's to release. */
export function nextHeld(session: Session): RawPdu | undefined {
  return session.heldCommands.take(session.window.expCmdSN);
}

function run(session: Session, raw: RawPdu): Outcome {
  const pdu = decodeInitiatorPdu(raw);
  return pdu instanceof ProtocolError ? pdu : handle(session, pdu);
}

/**
 * Deals with a PDU whose data segment is damaged, after its Reject (RFC 7143 7.8): as if it had not come, except that
 * a Data-Out fails its task and still counts as an answer to its R2T.
 */
export function dispatchDamaged(session: Session, raw: RawPdu): void {
  const pdu = decodeInitiatorPdu(raw);
  if (!(pdu instanceof ProtocolError) && pdu.kind === "DataOut") handleDataOut(session, pdu, false);
}
