/** The RAM disk as others' tests use it: blocks, ejection, and reservations that keep other nexuses from its blocks. */
import type { Nexus, ScsiTask } from "@reelhouse/iscsi";
import type { ScsiDevice } from "@reelhouse/scsi";
import { expect, test } from "vitest";
import { BLOCK_BYTES } from "./disk-memory.ts";
import { ramDisk } from "./ram-disk.ts";

const TARGET_NAME = "iqn.2026-11.test:disk";
const GOOD = 0x00;
const CHECK_CONDITION = 0x02;
const RESERVATION_CONFLICT = 0x18;

const nexusOf = (initiatorName: string): Nexus => ({
  initiatorName,
  initiatorPortName: `${initiatorName},i,0x1`,
  targetName: TARGET_NAME,
  portalGroupTag: 1,
});

/** Sends a CDB from a nexus; answers status, what came, and key and codes of the sense data. */
const hostOf = (disk: ScsiDevice, initiatorName: string) => {
  const nexus = nexusOf(initiatorName);
  return async (cdbHex: string, data = new Uint8Array()) => {
    const cdb = Buffer.alloc(16);
    cdb.write(cdbHex.replaceAll(" ", ""), "hex");
    const task: ScsiTask = {
      nexus,
      lun: new Uint8Array(8),
      cdb,
      initiatorTaskTag: 1,
      expectedDataOutLength: data.length,
      expectedDataInLength: 1 << 20,
      aborted: false,
      receiveDataOut: (byteLength) => {
        const views = [data.subarray(0, byteLength)];
        return { views, byteLength: views[0]?.length ?? 0, release: () => {} };
      },
    };
    const { status, sense, dataIn } = await disk.execute(task);
    const read = Buffer.concat(dataIn?.views ?? []);
    return { status, read, sense: sense && [sense[2], sense[12], sense[13]] };
  };
};

const bench = async () => {
  const disk = ramDisk(TARGET_NAME);
  const [host, other] = [hostOf(disk, "iqn.2026-11.test:a"), hostOf(disk, "iqn.2026-11.test:b")];
  for (const each of [host, other]) expect((await each("00")).status).toBe(CHECK_CONDITION);
  return { host, other };
};

const WRITE_ONE_AT_7 = "2a 00 00 00 00 07 00 00 01 00";
const READ_ONE_AT_7 = "28 00 00 00 00 07 00 00 01 00";
const block = Buffer.alloc(BLOCK_BYTES, "ab");

test("WRITE(10) → READ(10) and READ(16) give it back; past the end → 5/21/00", async () => {
  const { host } = await bench();
  expect((await host(WRITE_ONE_AT_7, block)).status).toBe(GOOD);
  expect((await host(READ_ONE_AT_7)).read).toEqual(block);
  expect((await host("88 00 0000000000000007 00000001 00 00")).read).toEqual(block);
  expect((await host("28 00 00 00 40 00 00 00 01 00")).sense).toEqual([5, 0x21, 0]);
});

test("COMPARE AND WRITE → written when it is as it should be, else MISCOMPARE and as before", async () => {
  const { host } = await bench();
  const swap = (from: Buffer, to: Buffer) =>
    host("89 00 0000000000000007 000000 01 00 00", Buffer.concat([from, to]));
  expect((await swap(block, block)).sense).toEqual([0x0e, 0x1d, 0]);
  expect((await swap(Buffer.alloc(BLOCK_BYTES), block)).status).toBe(GOOD);
  expect((await host(READ_ONE_AT_7)).read).toEqual(block);
});

test("START STOP UNIT with LOEJ → no medium, until it is loaded; refused while another prevents it", async () => {
  const { host, other } = await bench();
  await other("1e 00 00 00 01 00");
  expect((await host("1b 00 00 00 02 00")).sense).toEqual([5, 0x53, 2]);
  await other("1e 00 00 00 00 00");
  expect((await host("1b 00 00 00 02 00")).status).toBe(GOOD);
  expect((await host(READ_ONE_AT_7)).sense).toEqual([2, 0x3a, 0]);
  expect((await host("1b 00 00 00 03 00")).status).toBe(GOOD);
  expect((await other(READ_ONE_AT_7)).sense).toEqual([6, 0x28, 0]);
  expect((await host(READ_ONE_AT_7)).status).toBe(GOOD);
});

test.each([
  ["write exclusive", "5f 01 01 00 00 00 00 00 18 00", GOOD],
  ["exclusive access", "5f 01 03 00 00 00 00 00 18 00", RESERVATION_CONFLICT],
])("%s → others' WRITE conflicts, their READ as its type says", async (_name, reserve, reads) => {
  const { host, other } = await bench();
  const keys = Buffer.alloc(24);
  keys.writeBigUInt64BE(1n, 8);
  expect((await host("5f 00 00 00 00 00 00 00 18 00", keys)).status).toBe(GOOD);
  keys.writeBigUInt64BE(1n, 0);
  expect((await host(reserve, keys)).status).toBe(GOOD);
  expect((await other(WRITE_ONE_AT_7, block)).status).toBe(RESERVATION_CONFLICT);
  expect((await other(READ_ONE_AT_7)).status).toBe(reads);
  expect((await other("25")).status).toBe(GOOD);
  expect((await host(WRITE_ONE_AT_7, block)).status).toBe(GOOD);
});
