/**
 * What was sent and not confirmed, at ErrorRecoveryLevel 1: the PDUs a SNACK may ask for again (RFC 7143 7.1.3, 11.16).
 * Data that was sent is given back when its status is confirmed and the transport has it, not before.
 */
import { bhsFields, TAG_NONE, targetOpcodes } from "../pdu/bhs.ts";
import type { RawPdu } from "../pdu/codec.ts";
import { copyOf, flag, uint32 } from "../pdu/fields.ts";
import { serialAdd, serialLess } from "../serial.ts";

const initiatorTaskTag = uint32(16);
const targetTransferTag = uint32(20);
const statSN = uint32(24);
const expCmdSN = uint32(28);
const maxCmdSN = uint32(32);
/** DataSN of a Data-In, R2TSN of an R2T: one count, one place (RFC 7143 11.7, 11.8). */
const dataSN = uint32(36);
const hasStatus = flag(1, 0);

const withStatus: ReadonlySet<number> = new Set([
  targetOpcodes.ScsiResponse,
  targetOpcodes.TaskManagementResponse,
  targetOpcodes.TextResponse,
  targetOpcodes.LogoutResponse,
  targetOpcodes.AsyncMessage,
  targetOpcodes.Reject,
]);

/** Whether the PDU has used a StatSN: a ping of ours and a Data-In without the S bit only show it. */
function carriesStatus({ bhs }: RawPdu): boolean {
  const opcode = bhsFields.opcode.read(bhs);
  if (opcode === targetOpcodes.DataIn) return hasStatus.read(bhs);
  if (opcode === targetOpcodes.NopIn) return initiatorTaskTag.read(bhs) !== TAG_NONE;
  return withStatus.has(opcode);
}

function isNumbered({ bhs }: RawPdu): boolean {
  const opcode = bhsFields.opcode.read(bhs);
  return opcode === targetOpcodes.DataIn || opcode === targetOpcodes.R2T;
}

const isR2T = ({ bhs }: RawPdu): boolean => bhsFields.opcode.read(bhs) === targetOpcodes.R2T;

/** A batch: all PDUs of one answer, or one R2T. */
interface Batch {
  readonly pdus: readonly RawPdu[];
  readonly initiatorTaskTag: number;
  /** Of its status; undefined: an R2T, which is kept as long as its task runs. */
  readonly statSN: number | undefined;
  readonly done: (() => void) | undefined;
  readonly dataBytes: number;
  /** Times it was handed to the transport and has not left it. */
  sending: number;
  confirmed: boolean;
}

/** BegRun and RunLength of a SNACK; a length of 0 means "and all after it" (RFC 7143 11.16.6). */
export interface Run {
  readonly begin: number;
  readonly length: number;
}

function isIn({ begin, length }: Run, number: number): boolean {
  // Both zero: all that is not confirmed (RFC 7143 11.16.5).
  if (begin === 0 && length === 0) return true;
  if (serialLess(number, begin)) return false;
  return length === 0 || serialLess(number, serialAdd(begin, length));
}

/** What of a task may be sent again. */
interface Resendable {
  /** Whether the R2T with that Target Transfer Tag has had no answer. */
  readonly isOpen: (targetTransferTag: number) => boolean;
  /** What the initiator takes in one PDU now. */
  readonly dataBytesMax: number;
}

type Send = (pdus: readonly RawPdu[], sent: () => void) => void;

/** The numbers a PDU without status shows now. */
interface Numbers {
  readonly statSN: number;
  readonly expCmdSN: number;
  readonly maxCmdSN: number;
}

export class Replay {
  readonly #send: Send;
  readonly #now: () => Numbers;
  #batches: Batch[] = [];

  constructor(send: Send, now: () => Numbers) {
    this.#send = send;
    this.#now = now;
  }

  /** Answers and R2Ts that are kept. */
  get size(): number {
    return this.#batches.length;
  }

  /** Bytes of data that are kept with them. */
  get dataBytes(): number {
    return this.#batches.reduce((sum, { dataBytes }) => sum + dataBytes, 0);
  }

  /** Sends an answer and keeps it. `done` is called once, when nobody can ask for it any more. */
  send(pdus: readonly RawPdu[], done: (() => void) | undefined): void {
    const first = pdus[0];
    if (first === undefined) return done?.();
    const status = pdus.find((pdu) => carriesStatus(pdu));
    const batch: Batch = {
      pdus,
      initiatorTaskTag: initiatorTaskTag.read(first.bhs),
      statSN: status && statSN.read(status.bhs),
      done,
      dataBytes: pdus.reduce((sum, { data }) => sum + data.byteLength, 0),
      sending: 0,
      confirmed: false,
    };
    if (status !== undefined || isNumbered(first)) this.#batches.push(batch);
    else batch.confirmed = true;
    return this.#transmit(batch, pdus);
  }

  /** All statuses before `expStatSN` have arrived. */
  acknowledge(expStatSN: number): void {
    this.#drop((batch) => batch.statSN !== undefined && serialLess(batch.statSN, expStatSN));
  }

  /** The task has ended: its R2Ts are of no more use. */
  taskEnded(tag: number): void {
    this.#drop((batch) => batch.statSN === undefined && batch.initiatorTaskTag === tag);
  }

  /** Nothing can be asked for any more. */
  end(): void {
    this.#drop(() => true);
  }

  /** Sends the statuses of a run again; false when they are not there any more, or never were. */
  resendStatus(run: Run): boolean {
    return this.#resend((pdu) => carriesStatus(pdu) && isIn(run, statSN.read(pdu.bhs)));
  }

  /**
   * Sends a task's Data-In or R2T PDUs of a run again; false when there are none. An R2T that has had its answer, as `isOpen`
   * says by its Target Transfer Tag, is confirmed by that: again it would have its data sent twice.
   */
  resendData(tag: number, run: Run, { isOpen, dataBytesMax }: Resendable): boolean {
    const isWanted = (pdu: RawPdu): boolean =>
      isNumbered(pdu) &&
      initiatorTaskTag.read(pdu.bhs) === tag &&
      isIn(run, dataSN.read(pdu.bhs)) &&
      (!isR2T(pdu) || isOpen(targetTransferTag.read(pdu.bhs)));
    // An initiator that takes less by now asks by R-Data (11.16.1).
    const isTooLong = (pdu: RawPdu): boolean => pdu.data.byteLength > dataBytesMax;
    const isRefused = this.#batches.some(({ pdus }) =>
      pdus.some((pdu) => isTooLong(pdu) && isWanted(pdu)),
    );
    return !isRefused && this.#resend(isWanted);
  }

  #resend(wanted: (pdu: RawPdu) => boolean): boolean {
    let found = false;
    for (const batch of this.#batches) {
      const pdus = batch.pdus.filter((pdu) => wanted(pdu));
      if (pdus.length === 0) continue;
      found = true;
      this.#transmit(
        batch,
        pdus.map((pdu) => this.#upToDate(pdu)),
      );
    }
    return found;
  }

  /** An exact replica, but with ExpCmdSN and MaxCmdSN of now, and in an R2T StatSN (RFC 7143 11.16). */
  #upToDate(pdu: RawPdu): RawPdu {
    const now = this.#now();
    // What was sent first may still lie with the transport.
    const bhs = copyOf(pdu.bhs);
    expCmdSN.write(bhs, now.expCmdSN);
    maxCmdSN.write(bhs, now.maxCmdSN);
    if (isR2T(pdu)) statSN.write(bhs, now.statSN);
    return { ...pdu, bhs };
  }

  #transmit(batch: Batch, pdus: readonly RawPdu[]): void {
    batch.sending += 1;
    this.#send(pdus, () => {
      batch.sending -= 1;
      giveBack(batch);
    });
  }

  #drop(isOver: (batch: Batch) => boolean): void {
    const over = this.#batches.filter((batch) => isOver(batch));
    if (over.length === 0) return;
    this.#batches = this.#batches.filter((batch) => !over.includes(batch));
    for (const batch of over) {
      batch.confirmed = true;
      giveBack(batch);
    }
  }
}

function giveBack(batch: Batch): void {
  if (batch.confirmed && batch.sending === 0) batch.done?.();
}
