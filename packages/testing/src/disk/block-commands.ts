/** READ, WRITE, WRITE AND VERIFY, WRITE SAME, COMPARE AND WRITE and SYNCHRONIZE CACHE (SBC-4 5) of the RAM disk. */
import { bit, bits, check, good, goodData, uint, uint64 } from "@reelhouse/scsi";
import {
  type CdbLength,
  type DiskRow,
  diskCommand,
  extentFields,
  onBlocks,
} from "./disk-command.ts";
import { BLOCKS, BLOCK_BYTES, type DiskMemory, blocksOf, put } from "./disk-memory.ts";

/** Blocks that one COMPARE AND WRITE may name; VPD page B0h says it too. */
export const COMPARE_BLOCKS_MAX = 255;

const read = (memory: DiskMemory, opcode: number, length: CdbLength): DiskRow =>
  diskCommand({
    name: `READ(${length})`,
    opcode,
    direction: "in",
    reservation: "reads",
    cdb: extentFields[length],
    execute: onBlocks(memory, ({ lba, blocks }) =>
      goodData(blocksOf(memory, lba, blocks), blocks * BLOCK_BYTES),
    ),
  });

const store = (memory: DiskMemory) =>
  onBlocks(memory, async ({ lba, blocks }, call) => {
    put(memory, lba, await call.receiveDataOut(blocks * BLOCK_BYTES));
    return { ...good(), dataOutLength: blocks * BLOCK_BYTES };
  });

const write = (memory: DiskMemory, opcode: number, length: CdbLength): DiskRow =>
  diskCommand({
    name: `WRITE(${length})`,
    opcode,
    direction: "out",
    cdb: extentFields[length],
    execute: store(memory),
  });

/** What was written cannot differ from what lies there then: whatever BYTCHK asks for, there is nothing more to do. */
const writeAndVerify = (memory: DiskMemory, opcode: number, length: CdbLength): DiskRow =>
  diskCommand({
    name: `WRITE AND VERIFY(${length})`,
    opcode,
    direction: "out",
    cdb: { ...extentFields[length], bytchk: bits(1, 2, 1) },
    execute: store(memory),
  });

/** Twice the blocks come: what should lie there, and what is to be written when it does. */
const compareAndWrite = (memory: DiskMemory): DiskRow =>
  diskCommand({
    name: "COMPARE AND WRITE",
    opcode: 0x89,
    direction: "out",
    cdb: { lba: uint64(2), blocks: uint(13, 1) },
    execute: onBlocks(memory, async ({ lba, blocks }, call) => {
      const byteLength = blocks * BLOCK_BYTES;
      const data = await call.receiveDataOut(2 * byteLength);
      const bytes = Buffer.concat(data.views);
      data.release();
      const there = blocksOf(memory, lba, blocks);
      const differs = there.findIndex((byte, at) => byte !== bytes[at]);
      if (differs >= 0) return check("miscompareDuringVerify", { information: differs });
      bytes.copy(memory.bytes, lba * BLOCK_BYTES, byteLength);
      return { ...good(), dataOutLength: 2 * byteLength };
    }),
  });

/** One block, laid down in all of them; none named means up to the last (WSNZ zero). */
const writeSame = (memory: DiskMemory): DiskRow =>
  diskCommand({
    name: "WRITE SAME(10)",
    opcode: 0x41,
    direction: "out",
    cdb: extentFields[10],
    execute: onBlocks(memory, async ({ lba, blocks }, call) => {
      const data = await call.receiveDataOut(BLOCK_BYTES);
      const bytes = Buffer.concat(data.views);
      data.release();
      const end = blocks === 0 ? BLOCKS : lba + blocks;
      memory.bytes.fill(bytes, lba * BLOCK_BYTES, end * BLOCK_BYTES);
      return { ...good(), dataOutLength: BLOCK_BYTES };
    }),
  });

/** There is no cache: what was written is where it belongs. */
const synchronizeCache = (memory: DiskMemory, opcode: number, length: 10 | 16): DiskRow =>
  diskCommand({
    name: `SYNCHRONIZE CACHE(${length})`,
    opcode,
    direction: "none",
    cdb: { ...extentFields[length], syncNv: bit(1, 2), immed: bit(1, 1) },
    execute: onBlocks(memory, () => good()),
  });

export const blockCommands = (memory: DiskMemory): readonly DiskRow[] => [
  read(memory, 0x28, 10),
  write(memory, 0x2a, 10),
  writeAndVerify(memory, 0x2e, 10),
  synchronizeCache(memory, 0x35, 10),
  writeSame(memory),
  read(memory, 0x88, 16),
  compareAndWrite(memory),
  write(memory, 0x8a, 16),
  writeAndVerify(memory, 0x8e, 16),
  synchronizeCache(memory, 0x91, 16),
  read(memory, 0xa8, 12),
  write(memory, 0xaa, 12),
  writeAndVerify(memory, 0xae, 12),
];
