/**
 * A disk in memory, for the tests of others that want one: iscsi-test-cu's for the iSCSI layer read and write blocks, which a
 * tape cannot. It is no product: just enough of SBC-4 and SPC-5 that what is tested is packages/iscsi below it.
 */
import type {
  DataOut,
  ScsiCompletion,
  ScsiTarget,
  ScsiTask,
  TaskManagementRequest,
  TaskManagementResponse,
} from "@reelhouse/iscsi";
import { inquiryData } from "./inquiry-data.ts";

export const BLOCK_BYTES = 512;
const BLOCKS = 16_384;
const CHECK_CONDITION = 0x02;
const INQUIRY = 0x12;

/** Sense key, additional sense code and qualifier. */
type Sense = readonly [key: number, asc: number, ascq: number];
const invalidOpcode: Sense = [5, 0x20, 0];
const invalidField: Sense = [5, 0x24, 0];
const lbaOutOfRange: Sense = [5, 0x21, 0];
const noUnit: Sense = [5, 0x25, 0];
const miscompare: Sense = [0x0e, 0x1d, 0];

function failed([key, asc, ascq]: Sense): ScsiCompletion {
  const sense = Uint8Array.of(0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0);
  return { status: CHECK_CONDITION, sense };
}

function sent(bytes: Uint8Array): ScsiCompletion {
  const dataIn = { views: [bytes], byteLength: bytes.byteLength, release: () => {} };
  return { status: 0, dataIn };
}

/** Where LBA and transfer length stand in a CDB: by its length (SPC-5 4.2). */
interface Extent {
  readonly lba: number;
  readonly blocks: number;
}

function extentOf(cdb: Uint8Array): Extent {
  const view = Buffer.from(cdb.buffer, cdb.byteOffset, cdb.byteLength);
  const group = (cdb[0] ?? 0) >> 5;
  if (group === 4) return { lba: Number(view.readBigUInt64BE(2)), blocks: view.readUInt32BE(10) };
  if (group === 5) return { lba: view.readUInt32BE(2), blocks: view.readUInt32BE(6) };
  return { lba: view.readUInt32BE(2), blocks: view.readUInt16BE(7) };
}

/** Protection information, or to go past a cache: there is neither, and INQUIRY and MODE SENSE data say so. */
const asksForMore = (cdb: Uint8Array): boolean => ((cdb[1] ?? 0) & 0xf8) !== 0;

type Run = (disk: RamDisk, task: ScsiTask) => ScsiCompletion | Promise<ScsiCompletion>;

const read: Run = (disk, { cdb }) => disk.read(cdb);
const write: Run = (disk, task) => disk.write(task, false);
const writeAndVerify: Run = (disk, task) => disk.write(task, true);
const good: Run = () => ({ status: 0 });

function capacity10(): ScsiCompletion {
  const data = Buffer.alloc(8);
  data.writeUInt32BE(BLOCKS - 1, 0);
  data.writeUInt32BE(BLOCK_BYTES, 4);
  return sent(data);
}

/** SERVICE ACTION IN(16): READ CAPACITY(16) alone. */
function capacity16({ cdb }: ScsiTask): ScsiCompletion {
  if (((cdb[1] ?? 0) & 0x1f) !== 0x10) return failed(invalidField);
  const data = Buffer.alloc(32);
  data.writeBigUInt64BE(BigInt(BLOCKS - 1), 0);
  data.writeUInt32BE(BLOCK_BYTES, 8);
  return sent(data.subarray(0, Buffer.from(cdb).readUInt32BE(10)));
}

function inquiry({ cdb }: ScsiTask): ScsiCompletion {
  const data = inquiryData((cdb[1] ?? 0) & 1 ? (cdb[2] ?? 0) : undefined);
  return data === undefined
    ? failed(invalidField)
    : sent(data.subarray(0, Buffer.from(cdb).readUInt16BE(3)));
}

/** MODE SENSE(6): a header without block descriptor and pages; a disk that may be written. */
const modeSense6 = (): ScsiCompletion => sent(Uint8Array.of(3, 0, 0, 0));
const reportLuns = (): ScsiCompletion => sent(Uint8Array.of(0, 0, 0, 8, ...new Uint8Array(12)));

/** PERSISTENT RESERVE IN: READ KEYS, with which iscsi-test-cu tidies up after each test. There are none. */
const persistentReserveIn = ({ cdb }: ScsiTask): ScsiCompletion =>
  ((cdb[1] ?? 0) & 0x1f) === 0 ? sent(new Uint8Array(8)) : failed(invalidField);

const commands: Readonly<Record<number, Run>> = {
  0x00: good,
  0x03: () => sent(Uint8Array.of(0x70, 0, 0, 0, 0, 0, 0, 10, ...new Uint8Array(10))),
  [INQUIRY]: (_disk, task) => inquiry(task),
  0x1a: modeSense6,
  0x25: capacity10,
  0x28: read,
  0x2a: write,
  0x2e: writeAndVerify,
  0x35: good,
  0x5e: (_disk, task) => persistentReserveIn(task),
  0x88: read,
  0x8a: write,
  0x8e: writeAndVerify,
  0x91: good,
  0x9e: (_disk, task) => capacity16(task),
  0xa0: reportLuns,
  0xa8: read,
  0xaa: write,
  0xae: writeAndVerify,
};

export class RamDisk implements ScsiTarget {
  readonly #bytes = Buffer.alloc(BLOCKS * BLOCK_BYTES);

  execute(task: ScsiTask): ScsiCompletion | Promise<ScsiCompletion> {
    const opcode = task.cdb[0] ?? 0;
    if (task.lun[1] !== 0 && opcode !== 0xa0) return failed(noUnit);
    const run = commands[opcode];
    return run === undefined ? failed(invalidOpcode) : run(this, task);
  }

  async manage({ lun }: TaskManagementRequest): Promise<TaskManagementResponse> {
    await Promise.resolve();
    return lun[1] === 0 ? "FUNCTION COMPLETE" : "LUN DOES NOT EXIST";
  }

  nexusEstablished(): void {}
  nexusSuspended(): void {}
  nexusReturned(): void {}
  nexusLost(): void {}

  read(cdb: Uint8Array): ScsiCompletion {
    if (asksForMore(cdb)) return failed(invalidField);
    const { lba, blocks } = extentOf(cdb);
    if (lba + blocks > BLOCKS) return failed(lbaOutOfRange);
    return sent(this.#bytes.subarray(lba * BLOCK_BYTES, (lba + blocks) * BLOCK_BYTES));
  }

  /** With `verify` and BYTCHK, what lies there then is compared; it cannot differ. */
  async write(task: ScsiTask, verify: boolean): Promise<ScsiCompletion> {
    if (asksForMore(task.cdb)) return failed(invalidField);
    const { lba, blocks } = extentOf(task.cdb);
    if (lba + blocks > BLOCKS) return failed(lbaOutOfRange);
    const byteLength = blocks * BLOCK_BYTES;
    const data = await task.receiveDataOut(byteLength);
    const at = lba * BLOCK_BYTES;
    const end = this.#put(data, at);
    const differs = verify && end - at !== data.byteLength;
    data.release();
    return differs ? failed(miscompare) : { status: 0, dataOutLength: byteLength };
  }

  #put(data: DataOut, start: number): number {
    let at = start;
    for (const view of data.views) {
      this.#bytes.set(view, at);
      at += view.byteLength;
    }
    return at;
  }
}
