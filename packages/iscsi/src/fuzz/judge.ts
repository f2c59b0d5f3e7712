/**
 * Test only: reads what the target sends on one connection as an initiator with the RFC in its hand. Each rule answers with a
 * sentence when it is broken.
 */
import { bhsFields, TAG_NONE } from "../pdu/bhs.ts";
import type { RawPdu } from "../pdu/codec.ts";
import { joinViews } from "../pdu/data-segment.ts";
import { dataOut } from "../pdu/data-out.ts";
import { uint32 } from "../pdu/fields.ts";
import type { TargetPdu } from "../pdu/pdus.ts";
import { readSense } from "../pdu/scsi-response.ts";
import { taskManagementResponses } from "../pdu/task-management-response.ts";
import { rejectReasons } from "../protocol-error.ts";
import { loginStatuses } from "../login/status.ts";
import { serialAdd, serialDistance } from "../serial.ts";
import type { Session } from "../session.ts";
import type { Executed, FuzzDevice } from "./fuzz-device.ts";

type Of<K extends TargetPdu["kind"]> = Extract<TargetPdu, { kind: K }>;
type Rules = {
  readonly [K in TargetPdu["kind"]]: (judge: Judge, pdu: Of<K>) => string | undefined;
};

const legalRejects: ReadonlySet<number> = new Set(Object.values(rejectReasons));
const legalManagement: ReadonlySet<number> = new Set(Object.values(taskManagementResponses));
const legalLogins: ReadonlySet<number> = new Set(
  Object.values(loginStatuses).map(([statusClass, detail]) => statusClass * 256 + detail),
);
const ABORTED_COMMAND = 0x0b;
const CHECK_CONDITION = 0x02;
const initiatorTaskTag = uint32(16);
/** Headers kept, to compare with what a Reject quotes. */
const HEADERS_MAX = 64;

function carriesStatus(pdu: TargetPdu): boolean {
  if (pdu.kind === "DataIn") return pdu.hasStatus;
  if (pdu.kind === "NopIn") return pdu.initiatorTaskTag !== TAG_NONE;
  return pdu.kind !== "R2T";
}

export class Judge {
  readonly device: FuzzDevice;
  /** The session that this connection is, while it is one. */
  session: Session | undefined;
  pongs = 0;
  /** Whether what was sent is what the target sees. */
  inStep = true;
  readonly #tags = new Set<number>();
  readonly #headers: Uint8Array[] = [];
  readonly #answered = new Map<number, string>();
  #nextStatSN: number | undefined;
  #maxCmdSN: number | undefined;
  #expCmdSN = 0;

  constructor(device: FuzzDevice) {
    this.device = device;
  }

  /** The initiator sent this header, whole or not: its tag may be answered, and a Reject may quote it. */
  sent(bhs: Uint8Array): void {
    if (bhsFields.opcode.read(bhs) === dataOut.opcode && dataOut.fields.final.read(bhs))
      this.command(initiatorTaskTag.read(bhs))?.openR2Ts.delete(
        dataOut.fields.targetTransferTag.read(bhs),
      );
    this.#tags.add(initiatorTaskTag.read(bhs));
    this.#headers.push(bhs);
    if (this.#headers.length > HEADERS_MAX) this.#headers.shift();
  }

  knows(tag: number): boolean {
    return !this.inStep || this.#tags.has(tag);
  }

  quotes(header: Uint8Array): boolean {
    return (
      !this.inStep || this.#headers.some((sent) => sent.every((byte, at) => byte === header[at]))
    );
  }

  get recovers(): boolean {
    return this.session?.replay !== undefined;
  }

  command(tag: number): Executed | undefined {
    return this.session && this.device.find(this.session.nexus, tag);
  }

  /** What is wrong with a PDU, or undefined. */
  pdu(pdu: TargetPdu, raw: RawPdu): string | undefined {
    if (raw.ahs.byteLength > 0) return "a target sends no AHS";
    const again = this.#isAgain(pdu, raw);
    if (again !== undefined) return again === "same" ? this.#window(pdu) : again;
    // The rule of the PDU's own kind: the table's type pairs them.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const rule = rules[pdu.kind] as (judge: Judge, pdu: TargetPdu) => string | undefined;
    return this.#numbers(pdu, raw) ?? rule(this, pdu);
  }

  /** At level 1, an answer may come again: then it must be the same but for the command window (RFC 7143 11.16). */
  #isAgain(pdu: TargetPdu, raw: RawPdu): string | undefined {
    if (!this.recovers || this.#nextStatSN === undefined) return undefined;
    if (carriesStatus(pdu)) {
      if (serialDistance(pdu.statSN, this.#nextStatSN) <= 0) return undefined;
      const before = this.#answered.get(pdu.statSN);
      return before === withoutWindow(raw)
        ? "same"
        : `StatSN ${pdu.statSN} came again, and different`;
    }
    if (pdu.kind !== "DataIn" && pdu.kind !== "R2T") return undefined;
    const number = pdu.kind === "R2T" ? pdu.r2tSN : pdu.dataSN;
    return number < (this.command(pdu.initiatorTaskTag)?.numbered ?? 0) ? "same" : undefined;
  }

  #numbers(pdu: TargetPdu, raw: RawPdu): string | undefined {
    if (carriesStatus(pdu)) {
      if (this.#nextStatSN !== undefined && pdu.statSN !== this.#nextStatSN)
        return `StatSN ${pdu.statSN} instead of ${this.#nextStatSN} (RFC 7143 4.2.2.2)`;
      this.#nextStatSN = serialAdd(pdu.statSN, 1);
      if (this.recovers) this.#answered.set(pdu.statSN, withoutWindow(raw));
    }
    // A refused login quotes what it was sent, or nothing.
    if (pdu.kind === "LoginResponse" && pdu.statusClass !== 0) return undefined;
    return this.#window(pdu);
  }

  #window(pdu: TargetPdu): string | undefined {
    if (serialDistance(serialAdd(pdu.expCmdSN, -1), pdu.maxCmdSN) < 0)
      return "MaxCmdSN is below ExpCmdSN - 1 (RFC 7143 4.2.2.1)";
    if (this.session === undefined) return undefined;
    if (this.#maxCmdSN !== undefined) {
      if (serialDistance(this.#maxCmdSN, pdu.maxCmdSN) < 0) return "MaxCmdSN moved back";
      if (serialDistance(this.#expCmdSN, pdu.expCmdSN) < 0) return "ExpCmdSN moved back";
    }
    this.#maxCmdSN = pdu.maxCmdSN;
    this.#expCmdSN = pdu.expCmdSN;
    return undefined;
  }
}

/** A header without ExpCmdSN and MaxCmdSN, as text. */
function withoutWindow({ bhs }: RawPdu): string {
  return Buffer.from(bhs).fill(0, 28, 36).toString("latin1");
}

function statusOf(judge: Judge, tag: number, fromSession: boolean): string | undefined {
  const command = judge.command(tag);
  if (command === undefined || fromSession) return undefined;
  if (!command.answered) return "a status that the device did not give";
  if (command.task.aborted) return "a status for a task that was taken away (RFC 7143 4.2.3.3)";
  command.statuses += 1;
  return command.statuses > 1 ? "two statuses for one command" : undefined;
}

function knownTag(judge: Judge, tag: number): string | undefined {
  return judge.knows(tag) ? undefined : `an answer to tag ${tag}, which nobody used`;
}

function dataInRule(judge: Judge, pdu: Of<"DataIn">): string | undefined {
  const command = judge.command(pdu.initiatorTaskTag);
  if (command === undefined) return "Data-In for a command that was never executed";
  const { session } = judge;
  if (session === undefined) return "Data-In outside a session";
  const end = pdu.bufferOffset + pdu.data.byteLength;
  if (pdu.bufferOffset !== command.dataInBytes) return "Data-In out of order (DataPDUInOrder=Yes)";
  if (end > command.task.expectedDataInLength) return "more Data-In than the initiator expects";
  if (pdu.data.byteLength > session.initiatorDataSegmentBytesMax)
    return "Data-In longer than MaxRecvDataSegmentLength";
  if (pdu.dataSN !== command.numbered) return `DataSN ${pdu.dataSN}, not ${command.numbered}`;
  if (pdu.hasStatus && !pdu.final) return "S without F (RFC 7143 11.7.3)";
  if (pdu.residualOverflow && pdu.residualUnderflow) return "residual over and under at once";
  command.numbered += 1;
  command.dataInBytes = end;
  if (!pdu.hasStatus) return command.task.aborted ? "Data-In of a task taken away" : undefined;
  const short = command.task.expectedDataInLength - end;
  if (!pdu.residualOverflow && short !== pdu.residualCount) return "a wrong residual count";
  return statusOf(judge, pdu.initiatorTaskTag, false);
}

function r2tRule(judge: Judge, pdu: Of<"R2T">): string | undefined {
  const command = judge.command(pdu.initiatorTaskTag);
  if (command === undefined || judge.session === undefined)
    return "R2T for a command that was never executed";
  const { maxBurstLength, maxOutstandingR2T } = judge.session.parameters;
  const length = pdu.desiredDataTransferLength;
  if (command.task.aborted) return "R2T for a task that was taken away";
  if (length === 0 || length > maxBurstLength) return `an R2T for ${length} bytes`;
  if (pdu.bufferOffset + length > command.task.expectedDataOutLength)
    return "an R2T past the expected length";
  if (pdu.targetTransferTag === TAG_NONE) return "an R2T with the reserved tag";
  if (pdu.r2tSN !== command.numbered) return `R2TSN ${pdu.r2tSN}, not ${command.numbered}`;
  command.numbered += 1;
  command.openR2Ts.add(pdu.targetTransferTag);
  return judge.inStep && command.openR2Ts.size > maxOutstandingR2T
    ? "more R2Ts than MaxOutstandingR2T"
    : undefined;
}

function responseRule(judge: Judge, pdu: Of<"ScsiResponse">): string | undefined {
  const sense = readSense(pdu.data);
  const command = judge.command(pdu.initiatorTaskTag);
  const fromSession =
    pdu.status === CHECK_CONDITION &&
    sense?.[2] === ABORTED_COMMAND &&
    (command === undefined || command.task.aborted || command.statuses > 0);
  if (pdu.residualOverflow && pdu.residualUnderflow) return "residual over and under at once";
  if (!pdu.residualOverflow && !pdu.residualUnderflow && pdu.residualCount !== 0)
    return "a residual count without O or U";
  if (pdu.status === CHECK_CONDITION && sense === undefined) return "CHECK CONDITION without sense";
  return (
    knownTag(judge, pdu.initiatorTaskTag) ?? statusOf(judge, pdu.initiatorTaskTag, fromSession)
  );
}

const rules: Rules = {
  NopIn(judge, pdu) {
    if (pdu.initiatorTaskTag === TAG_NONE)
      return pdu.targetTransferTag === TAG_NONE && pdu.data.byteLength > 0
        ? "a NOP-In that asks for nothing brings data"
        : undefined;
    judge.pongs += 1;
    if (pdu.targetTransferTag !== TAG_NONE) return "an answer to a ping that asks for an answer";
    return knownTag(judge, pdu.initiatorTaskTag);
  },
  ScsiResponse: responseRule,
  DataIn: dataInRule,
  R2T: r2tRule,
  TaskManagementResponse: (judge, pdu) =>
    legalManagement.has(pdu.response)
      ? knownTag(judge, pdu.initiatorTaskTag)
      : `response ${pdu.response} of task management`,
  LoginResponse(judge, pdu) {
    const status = pdu.statusClass * 256 + pdu.statusDetail;
    if (!legalLogins.has(status)) return `login status ${status.toString(16)}`;
    if (judge.session === undefined && pdu.statusClass !== 0) return undefined;
    if (pdu.transit && pdu.continue) return "T and C in a Login Response";
    if (pdu.transit && pdu.nsg <= pdu.csg) return "NSG does not follow CSG";
    if (pdu.transit && pdu.nsg === 3 && pdu.tsih === 0) return "a session without TSIH";
    return knownTag(judge, pdu.initiatorTaskTag);
  },
  TextResponse(judge, pdu) {
    if (pdu.final && pdu.continue) return "F and C in a Text Response";
    if (pdu.final !== (pdu.targetTransferTag === TAG_NONE))
      return "F and the Target Transfer Tag contradict each other (RFC 7143 11.11.3)";
    return knownTag(judge, pdu.initiatorTaskTag);
  },
  LogoutResponse: (judge, pdu) =>
    pdu.response > 3 ? `logout response ${pdu.response}` : knownTag(judge, pdu.initiatorTaskTag),
  AsyncMessage: (_judge, pdu) =>
    pdu.asyncEvent > 4 ? `asynchronous event ${pdu.asyncEvent}` : undefined,
  Reject(judge, pdu) {
    if (!legalRejects.has(pdu.reason)) return `Reject with reason ${pdu.reason}`;
    const header = joinViews(pdu.data.views);
    if (header.byteLength < 48) return "a Reject without the header it rejects";
    return judge.quotes(header) ? undefined : "a Reject quotes what was never sent";
  },
};
