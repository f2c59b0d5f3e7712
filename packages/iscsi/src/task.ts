/**
 * A task (RFC 7143 11.3, 11.7, 11.8): one SCSI command of a session, and the data that belongs to it.
 *
 *   immediate and unsolicited data ──▶ (F) ──▶ R2T bursts ──▶ all here ──▶ taken ──▶ done
 *   any of these ──▶ aborted: the device's answer is dropped
 *   any of these ──▶ failed: aborted, and the session itself answers once every open sequence has had its F bit
 */
import assert from "node:assert/strict";
import type { DataSegment } from "./pdu/data-segment.ts";
import { sliceViews } from "./pdu/data-segment.ts";
import { TAG_NONE } from "./pdu/bhs.ts";
import type { DataOutPdu } from "./pdu/data-out.ts";
import type { ScsiCommand } from "./pdu/scsi-command.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { DataOut, Nexus, ScsiTask } from "./scsi-target.ts";
import type { IscsiCondition } from "./sense.ts";
import { TaskAborted } from "./task-aborted.ts";

/** One R2T: what it asked for and what has come. */
interface Burst {
  readonly targetTransferTag: number;
  readonly end: number;
  dataSN: number;
}

/** What a task needs of its session. */
export interface TaskSession {
  readonly nexus: Nexus;
  readonly firstBurstLength: number;
  readonly maxBurstLength: number;
  readonly maxOutstandingR2T: number;
  /** ErrorRecoveryLevel 1: damaged data is asked for again. */
  readonly recoversData: boolean;
  /** Queues the task for its turn to solicit; `solicit` is called then, at once if there is room. */
  awaitTurn(task: Task): void;
  /** The task needs no more R2Ts. Harmless when it had no turn. */
  endTurn(task: Task): void;
  sendR2T(task: Task, r2tSN: number, bufferOffset: number, byteLength: number): number;
  /** Answers for a failed task. */
  fail(task: Task, condition: IscsiCondition): void;
}

export class Task implements ScsiTask {
  readonly nexus: Nexus;
  readonly lun: Uint8Array;
  readonly cdb: Uint8Array;
  readonly initiatorTaskTag: number;
  readonly immediate: boolean;
  readonly expectedDataOutLength: number;
  readonly expectedDataInLength: number;
  /** Data-In and R2T PDUs sent: DataSN and R2TSN share one count (RFC 7143 11.4.8). */
  dataSN = 0;
  readonly #session: TaskSession;
  readonly #segments: DataSegment[] = [];
  #aborted = false;
  #condition: IscsiCondition | undefined;
  #unsolicitedOpen: boolean;
  #unsolicitedDataSN = 0;
  #receivedBytes = 0;
  #bursts: Burst[] = [];
  #solicitedBytes = 0;
  #asked:
    | {
        readonly byteLength: number;
        readonly resolve: (data: DataOut) => void;
        readonly reject: (reason: TaskAborted) => void;
      }
    | undefined;
  #takenBytes: number | undefined;
  /** Data was lost: what still comes of the open sequences is dropped, then the rest is asked for again. */
  #recovering = false;

  constructor(session: TaskSession, command: ScsiCommand) {
    const length = command.expectedDataTransferLength;
    this.#session = session;
    this.nexus = session.nexus;
    this.lun = command.lun;
    this.cdb = command.cdb;
    this.initiatorTaskTag = command.initiatorTaskTag;
    this.immediate = command.immediate;
    this.expectedDataOutLength = command.write ? length : 0;
    this.expectedDataInLength = command.bidirectionalReadDataLength ?? (command.read ? length : 0);
    this.#unsolicitedOpen = !command.final;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Whether the initiator has yet to send data: unasked, or asked for by an R2T. */
  get awaitsData(): boolean {
    return this.#unsolicitedOpen || this.#bursts.length > 0;
  }

  /** Bytes the device took with `receiveDataOut`. */
  get takenBytes(): number {
    return this.#takenBytes ?? 0;
  }

  receiveDataOut(byteLength: number): DataOut | Promise<DataOut> {
    assert(
      this.#asked === undefined && this.#takenBytes === undefined,
      "receiveDataOut was called twice",
    );
    if (this.#aborted) return Promise.reject(new TaskAborted());
    const wanted = Math.min(byteLength, this.expectedDataOutLength);
    if (this.#receivedBytes >= wanted) return this.#take(wanted);
    return new Promise((resolve, reject) => {
      this.#asked = { byteLength: wanted, resolve, reject };
      if (!this.#unsolicitedOpen) this.#session.awaitTurn(this);
    });
  }

  /** Whether an R2T with that tag has had no answer yet, and is not to be replaced by another. */
  awaits(targetTransferTag: number): boolean {
    if (this.#recovering || this.#condition !== undefined) return false;
    return this.#bursts.some((b) => b.targetTransferTag === targetTransferTag && b.dataSN === 0);
  }

  /** Keeps a command's immediate data. */
  takeImmediateData(data: DataSegment): void {
    if (data.byteLength > 0) this.#keep(data);
  }

  /** Sends the R2Ts there is room for. Called by the session when it is the task's turn. */
  solicit(): void {
    const wanted = this.#asked?.byteLength ?? 0;
    this.#solicitedBytes = Math.max(this.#solicitedBytes, this.#receivedBytes);
    while (this.#bursts.length < this.#session.maxOutstandingR2T && this.#solicitedBytes < wanted) {
      const offset = this.#solicitedBytes;
      const byteLength = Math.min(this.#session.maxBurstLength, wanted - offset);
      const targetTransferTag = this.#session.sendR2T(this, this.dataSN, offset, byteLength);
      this.dataSN += 1;
      this.#solicitedBytes += byteLength;
      this.#bursts.push({ targetTransferTag, end: this.#solicitedBytes, dataSN: 0 });
    }
  }

  /** Takes a Data-Out PDU of this task. `intact` is false after a data digest error: then only the F bit counts. */
  receive(pdu: DataOutPdu, intact: boolean): ProtocolError | undefined {
    if (!intact) {
      if (this.#session.recoversData) this.#recovering = true;
      else this.#fail("crcError");
    }
    if (this.#condition !== undefined || this.#recovering) return this.#awaitFinal(pdu);
    return pdu.targetTransferTag === TAG_NONE ? this.#unsolicited(pdu) : this.#solicited(pdu);
  }

  /** Task management, logout or a lost session took the task: buffered data goes back, the device is told. */
  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#session.endTurn(this);
    this.#releaseSegments();
    this.#asked?.reject(new TaskAborted());
  }

  /** Ends the task with `condition` once the initiator has sent all it was going to (RFC 7143 7.8, 11.4.7.2). */
  failWith(condition: IscsiCondition): void {
    this.#fail(condition);
    this.#endIfQuiet();
  }

  /** The device has answered: what it did not take goes back. */
  finish(): void {
    this.#session.endTurn(this);
    if (this.#takenBytes === undefined) this.#releaseSegments();
  }

  #fail(condition: IscsiCondition): void {
    if (this.#condition !== undefined) return;
    this.#condition = condition;
    this.abort();
  }

  #endIfQuiet(): undefined {
    if (this.#condition === undefined || this.#unsolicitedOpen || this.#bursts.length > 0) return;
    this.#session.fail(this, this.#condition);
  }

  #awaitFinal(pdu: DataOutPdu): undefined {
    if (!pdu.final) return;
    if (pdu.targetTransferTag === TAG_NONE) this.#unsolicitedOpen = false;
    else this.#bursts = this.#bursts.filter((b) => b.targetTransferTag !== pdu.targetTransferTag);
    if (this.#recovering) this.#askAgain();
    else this.#endIfQuiet();
  }

  /** Within-command recovery (RFC 7143 7.2.2): once nothing more is on its way, R2Ts for all from the first byte lost. */
  #askAgain(): void {
    if (this.#unsolicitedOpen || this.#bursts.length > 0) return;
    this.#recovering = false;
    this.#solicitedBytes = this.#receivedBytes;
    if (this.#asked === undefined || this.#aborted) return;
    this.#session.endTurn(this);
    this.#session.awaitTurn(this);
  }

  #unsolicited(pdu: DataOutPdu): ProtocolError | undefined {
    if (!this.#unsolicitedOpen) return this.#outOfPlace("unsolicited data after its last PDU");
    if (pdu.dataSN !== this.#unsolicitedDataSN) return this.#missing(pdu);
    if (pdu.bufferOffset !== this.#receivedBytes)
      return this.#outOfPlace("Buffer Offset is out of order");
    this.#unsolicitedDataSN += 1;
    const end = Math.min(this.#session.firstBurstLength, this.expectedDataOutLength);
    const total = this.#receivedBytes + pdu.data.byteLength;
    // Who sends data unasked, and has more than the first burst, sends all of the first burst (RFC 7143 11.4.7.2).
    const isShort = pdu.final && total < end && end < this.expectedDataOutLength;
    if (total > end || isShort) {
      this.#fail("incorrectAmountOfData");
      return this.#awaitFinal(pdu);
    }
    this.#keep(pdu.data);
    if (pdu.final) this.#unsolicitedOpen = false;
    if (this.#resolveIfHere() || this.#unsolicitedOpen) return undefined;
    if (this.#asked !== undefined) this.#session.awaitTurn(this);
    return undefined;
  }

  #solicited(pdu: DataOutPdu): ProtocolError | undefined {
    // DataSequenceInOrder=Yes: R2Ts are answered in the order they were sent.
    const burst = this.#bursts[0];
    if (burst?.targetTransferTag !== pdu.targetTransferTag) {
      return this.#outOfPlace("Target Transfer Tag is not that of the R2T to answer");
    }
    if (pdu.dataSN !== burst.dataSN) return this.#missing(pdu);
    if (pdu.bufferOffset !== this.#receivedBytes)
      return this.#outOfPlace("Buffer Offset is out of order");
    burst.dataSN += 1;
    const end = this.#receivedBytes + pdu.data.byteLength;
    if (end > burst.end || pdu.final !== (end === burst.end)) {
      this.#fail("incorrectAmountOfData");
      return this.#awaitFinal(pdu);
    }
    this.#keep(pdu.data);
    if (!pdu.final) return undefined;
    this.#bursts.shift();
    if (!this.#resolveIfHere()) this.solicit();
    return undefined;
  }

  /**
   * A DataSN out of its order is a PDU before it that was lost (RFC 7143 7.9): dealt with as damaged data is, at level 1 by
   * asking again, at level 0 by ending the command.
   */
  #missing(pdu: DataOutPdu): undefined {
    if (this.#session.recoversData) this.#recovering = true;
    else this.#fail("crcError");
    return this.#awaitFinal(pdu);
  }

  #outOfPlace(detail: string): ProtocolError {
    return new ProtocolError("Invalid PDU Field", detail, "close");
  }

  #keep(data: DataSegment): void {
    this.#receivedBytes += data.byteLength;
    // Bytes past what the device asked for are counted, for the checks, and not kept.
    if (this.#takenBytes !== undefined || data.byteLength === 0) return;
    data.retain();
    this.#segments.push(data);
  }

  #resolveIfHere(): boolean {
    const asked = this.#asked;
    if (asked === undefined || this.#takenBytes !== undefined) return false;
    if (this.#receivedBytes < asked.byteLength) return false;
    this.#session.endTurn(this);
    asked.resolve(this.#take(asked.byteLength));
    return true;
  }

  #take(byteLength: number): DataOut {
    this.#takenBytes = byteLength;
    const segments = this.#segments.splice(0);
    const [only] = segments;
    const views =
      only?.byteLength === byteLength && segments.length === 1
        ? [...only.views]
        : sliceViews(
            segments.flatMap((segment) => segment.views),
            0,
            byteLength,
          );
    let released = false;
    return {
      views,
      byteLength,
      release() {
        assert(!released, "a DataOut was released twice");
        released = true;
        for (const segment of segments) segment.release();
      },
    };
  }

  #releaseSegments(): void {
    for (const segment of this.#segments.splice(0)) segment.release();
  }
}

/** The condition for immediate data the session did not agree to, or undefined when it may have come. */
export function immediateDataFault(
  command: ScsiCommand,
  agreed: {
    readonly immediateData: boolean;
    readonly initialR2T: boolean;
    readonly firstBurstLength: number;
  },
): IscsiCondition | undefined {
  const byteLength = command.data.byteLength;
  if (byteLength > 0 && !agreed.immediateData) return "unexpectedUnsolicitedData";
  if (!command.final && agreed.initialR2T) return "unexpectedUnsolicitedData";
  const most = command.write
    ? Math.min(command.expectedDataTransferLength, agreed.firstBurstLength)
    : 0;
  return byteLength > most ? "incorrectAmountOfData" : undefined;
}
