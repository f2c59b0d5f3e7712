/** A tape drive as a backup program uses it (SSC-5), on top of the initiator. */
import type { CommandResult } from "./initiator/command-task.ts";
import { SCSI_STATUS } from "./initiator/opcodes.ts";
import { hasSenseKey, ScsiDevice, ScsiError } from "./scsi-device.ts";

const uint24 = (value: number): [number, number, number] => [
  (value >> 16) & 0xff,
  (value >> 8) & 0xff,
  value & 0xff,
];

/** Codes of SPACE(6). */
const SPACE_CODES = { blocks: 0, filemarks: 1, endOfData: 3 } as const;

export type ReadOutcome =
  /** `length`: the block's own length, which is more than `data` holds when it was cut (ILI). */
  | { readonly kind: "block"; readonly data: Buffer; readonly length: number }
  | { readonly kind: "filemark" }
  | { readonly kind: "endOfData" };

/** READ POSITION, long form. */
export interface TapePosition {
  readonly beginningOfPartition: boolean;
  readonly endOfPartition: boolean;
  readonly partition: number;
  readonly objectNumber: number;
  readonly fileNumber: number;
}

export interface WriteOutcome {
  /** Early warning: the block is written, the end of the medium is near. */
  readonly earlyWarning: boolean;
}

const LOAD_TIMEOUT_MS = 60_000;

export class Tape extends ScsiDevice {
  /** Rewinds. */
  rewind(): Promise<CommandResult> {
    return this.good("REWIND", [0x01, 0, 0, 0, 0, 0]);
  }

  /** Writes one block of variable length. Throws ScsiError; early warning is no error. */
  async write(block: Uint8Array): Promise<WriteOutcome> {
    const cdb = [0x0a, 0, ...uint24(block.byteLength), 0];
    return this.#written("WRITE(6)", await this.raw(cdb, { dataOut: block }));
  }

  /** Writes `bytes` as blocks of the length set by `setBlockLength`. */
  async writeFixed(bytes: Uint8Array, blockLength: number): Promise<WriteOutcome> {
    const cdb = [0x0a, 1, ...uint24(bytes.byteLength / blockLength), 0];
    return this.#written("WRITE(6)", await this.raw(cdb, { dataOut: bytes }));
  }

  /** Writes filemarks; without `immediate`, all before is on stable storage afterwards. 0 only synchronises. */
  async writeFilemarks(
    count: number,
    options: { immediate?: boolean } = {},
  ): Promise<WriteOutcome> {
    const immediate = options.immediate === true ? 1 : 0;
    const cdb = [0x10, immediate, ...uint24(count), 0];
    return this.#written("WRITE FILEMARKS(6)", await this.raw(cdb));
  }

  /** Reads the next logical object; a block longer than `lengthMax` is cut, as with SILI=0 a host would see by ILI. */
  async read(lengthMax: number, into?: Buffer): Promise<ReadOutcome> {
    const result = await this.raw([0x08, 0, ...uint24(lengthMax), 0], {
      dataInLength: lengthMax,
      ...(into === undefined ? {} : { dataIn: into }),
    });
    const { sense, data } = result;
    if (result.status === SCSI_STATUS.good) return { kind: "block", data, length: data.length };
    if (sense?.filemark === true) return { kind: "filemark" };
    if (hasSenseKey(result, "BLANK CHECK")) return { kind: "endOfData" };
    if (sense?.incorrectLength === true && sense.senseKey === 0) {
      const length = lengthMax - (sense.information ?? 0);
      return { kind: "block", data: data.subarray(0, length), length };
    }
    throw new ScsiError("READ(6)", result);
  }

  /** Blocks up to the next filemark or end of data, which is passed as well. */
  async readFile(lengthMax: number): Promise<Buffer[]> {
    const blocks: Buffer[] = [];
    for (;;) {
      const outcome = await this.read(lengthMax);
      if (outcome.kind !== "block") return blocks;
      blocks.push(outcome.data);
    }
  }

  /** SPACE(6). Throws ScsiError when it stopped short: the sense tells why and how far. */
  space(what: keyof typeof SPACE_CODES, count = 0): Promise<CommandResult> {
    return this.good("SPACE(6)", [0x11, SPACE_CODES[what], ...uint24(count & 0xff_ffff), 0]);
  }

  /** LOCATE(16) by logical object number. */
  locate(objectNumber: number): Promise<CommandResult> {
    const cdb = Buffer.alloc(16);
    cdb[0] = 0x92;
    cdb.writeBigUInt64BE(BigInt(objectNumber), 4);
    return this.good("LOCATE(16)", cdb);
  }

  /** LOCATE(10), for what does not know the longer one. */
  locate10(objectNumber: number): Promise<CommandResult> {
    const cdb = Buffer.alloc(10);
    cdb[0] = 0x2b;
    cdb.writeUInt32BE(objectNumber, 3);
    return this.good("LOCATE(10)", cdb);
  }

  async readPosition(): Promise<TapePosition> {
    const cdb = [0x34, 0x06, 0, 0, 0, 0, 0, 0, 0, 0];
    const { data } = await this.good("READ POSITION", cdb, { dataInLength: 32 });
    return {
      beginningOfPartition: (data.readUInt8(0) & 0x80) !== 0,
      endOfPartition: (data.readUInt8(0) & 0x40) !== 0,
      partition: data.readUInt32BE(4),
      objectNumber: Number(data.readBigUInt64BE(8)),
      fileNumber: Number(data.readBigUInt64BE(16)),
    };
  }

  /** Takes the cartridge out of the drive's mechanism, so that the changer may move it. */
  unload(): Promise<CommandResult> {
    return this.good("LOAD UNLOAD", [0x1b, 0, 0, 0, 0, 0]);
  }

  async load(): Promise<void> {
    await this.good("LOAD UNLOAD", [0x1b, 0, 0, 0, 1, 0]);
    await this.waitUntilReady(LOAD_TIMEOUT_MS);
  }

  /** MODE SELECT(6) with a block descriptor: 0 for blocks of variable length. Buffered mode 1 unless told. */
  setBlockLength(blockLength: number, bufferedMode = 1): Promise<CommandResult> {
    const list = [0, 0, bufferedMode << 4, 8, 0, 0, 0, 0, 0, ...uint24(blockLength)];
    return this.good("MODE SELECT(6)", [0x15, 0x10, 0, 0, list.length, 0], {
      dataOut: Uint8Array.from(list),
    });
  }

  /** Ends the data at the position: ERASE(6), short. */
  eraseShort(): Promise<CommandResult> {
    return this.good("ERASE(6)", [0x19, 0, 0, 0, 0, 0]);
  }

  #written(name: string, result: CommandResult): WriteOutcome {
    if (result.status === SCSI_STATUS.good) return { earlyWarning: false };
    const warned = result.sense?.endOfMedium === true && result.sense.senseKey === 0;
    if (!warned) throw new ScsiError(name, result);
    return { earlyWarning: true };
  }
}
