/** One SCSI command in flight: its Data-In put together, its R2Ts checked, its result built (RFC 7143 4.2.5, 11.7, 11.8). */
import { IscsiError } from "./errors.ts";
import type { DataIn, R2t, ResidualKind, ScsiResponse } from "./pdu-in.ts";
import { parseSense, type Sense } from "./sense.ts";

export interface CommandOptions {
  readonly lun?: number;
  /** Bytes to send; sets the W bit. Must not change until the command has ended. */
  readonly dataOut?: Uint8Array;
  /** Bytes expected back; sets the R bit. */
  readonly dataInLength?: number;
  /** Where the bytes go, `dataInLength` long at least; a buffer of its own is made without it. */
  readonly dataIn?: Buffer;
  /** Lie about the Expected Data Transfer Length. */
  readonly expectedDataTransferLength?: number;
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly status: number;
  readonly senseBytes: Buffer;
  readonly sense: Sense | undefined;
  /** What arrived, a view of `dataIn` where one was given. */
  readonly data: Buffer;
  readonly residualKind: ResidualKind;
  readonly residualCount: number;
  /** How many R2T PDUs the target sent: 0 when all data went unsolicited. */
  readonly r2tCount: number;
}

const EMPTY = Buffer.alloc(0);

export class CommandTask {
  readonly initiatorTaskTag: number;
  readonly cdb: Uint8Array;
  readonly lun: Buffer;
  readonly options: CommandOptions;
  readonly done: Promise<CommandResult>;
  /** Set when the command was sent. */
  cmdSN = 0;
  /** Set when an answer has come, or none is wanted any more. */
  ended = false;
  timer: NodeJS.Timeout | undefined;
  readonly #resolve: (result: CommandResult) => void;
  readonly #reject: (error: IscsiError) => void;
  readonly #into: Buffer;
  #received = 0;
  #nextDataSN = 0;
  #nextR2tSN = 0;

  constructor(
    initiatorTaskTag: number,
    cdb: Uint8Array,
    lun: Buffer,
    options: CommandOptions,
    ended: (task: CommandTask) => void,
  ) {
    this.initiatorTaskTag = initiatorTaskTag;
    this.cdb = cdb;
    this.lun = lun;
    this.options = options;
    const length = options.dataInLength ?? 0;
    this.#into =
      options.dataIn?.subarray(0, length) ?? (length === 0 ? EMPTY : Buffer.allocUnsafe(length));
    const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
    const once = <T>(settle: (value: T) => void) => {
      return (value: T) => {
        if (this.ended) return;
        this.ended = true;
        clearTimeout(this.timer);
        ended(this);
        settle(value);
      };
    };
    this.done = promise;
    this.#resolve = once(resolve);
    this.#reject = once(reject);
  }

  get dataOut(): Uint8Array {
    return this.options.dataOut ?? EMPTY;
  }

  /** Where the data of this Data-In belongs. Throws IscsiError `protocol` when it is out of order or out of bounds. */
  place(pdu: DataIn): Buffer {
    const end = pdu.bufferOffset + pdu.dataLength;
    if (pdu.bufferOffset !== this.#received)
      throw this.#broken(`Data-In at offset ${pdu.bufferOffset}, expected ${this.#received}`);
    if (end > this.#into.length)
      throw this.#broken(`Data-In runs to ${end}, ${this.#into.length} bytes were asked for`);
    return this.#into.subarray(pdu.bufferOffset, end);
  }

  dataIn(pdu: DataIn): void {
    if (pdu.dataSN !== this.#nextDataSN)
      throw this.#broken(`DataSN ${pdu.dataSN}, expected ${this.#nextDataSN}`);
    this.#nextDataSN += 1;
    this.#received += pdu.dataLength;
    if (!pdu.hasStatus) return;
    if (!pdu.final) throw this.#broken("status with a Data-In that is not the final one");
    this.#complete(pdu, EMPTY);
  }

  /** Checks an R2T; the session then sends what it asks for. */
  r2t(pdu: R2t): void {
    const { bufferOffset, desiredDataTransferLength: length } = pdu;
    if (pdu.r2tSN !== this.#nextR2tSN)
      throw this.#broken(`R2TSN ${pdu.r2tSN}, expected ${this.#nextR2tSN}`);
    this.#nextR2tSN += 1;
    const expected = this.options.expectedDataTransferLength ?? this.dataOut.byteLength;
    if (length === 0 || bufferOffset + length > expected)
      throw this.#broken(`R2T for ${length} bytes at ${bufferOffset} of ${expected}`);
  }

  response(pdu: ScsiResponse): void {
    if (pdu.response !== 0)
      return this.fail(
        new IscsiError("protocol", `target failure, response code ${pdu.response}`, pdu.response),
      );
    // 0 is let through: tgt says so after data that ended in CHECK CONDITION, and is measured with this initiator.
    if (pdu.expDataSN !== 0 && this.#nextDataSN > 0 && pdu.expDataSN !== this.#nextDataSN)
      throw this.#broken(`ExpDataSN ${pdu.expDataSN} after ${this.#nextDataSN} Data-In PDUs`);
    this.#complete(pdu, pdu.sense);
  }

  fail(error: IscsiError): void {
    this.#reject(error);
  }

  #complete(
    pdu: Pick<DataIn, "status" | "residualKind" | "residualCount">,
    senseBytes: Buffer,
  ): void {
    this.#resolve({
      status: pdu.status,
      senseBytes,
      sense: parseSense(senseBytes),
      data: this.#into.subarray(0, this.#received),
      residualKind: pdu.residualKind,
      residualCount: pdu.residualCount,
      r2tCount: this.#nextR2tSN,
    });
  }

  #broken(message: string): IscsiError {
    const tag = this.initiatorTaskTag.toString(16);
    return new IscsiError("protocol", `task 0x${tag}: ${message}`);
  }
}
