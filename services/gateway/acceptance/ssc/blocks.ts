/** Blocks of every length a target says it takes, up to 8 MiB, variable and fixed, written and read back (SSC-5 4.2.10). */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import { read6, write6 } from "../cdb.ts";
import { type Check, group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good } from "../expect.ts";

const MIB = 1024 * 1024;
const LENGTHS = [
  1,
  511,
  512,
  513,
  65_535,
  65_536,
  65_537,
  262_144,
  MIB - 1,
  MIB,
  2 * MIB,
  4 * MIB,
  8 * MIB,
] as const;
const FIXED: readonly (readonly [blockLength: number, count: number])[] = [
  [512, 300],
  [1024, 64],
  [65_536, 32],
  [MIB, 4],
  [8 * MIB, 2],
];

/** READ BLOCK LIMITS (SSC-5 6.5). */
const limits = async (tape: Tape) => {
  const { data } = good(
    "READ BLOCK LIMITS",
    await tape.raw([5, 0, 0, 0, 0, 0], { dataInLength: 6 }),
  );
  return {
    granularity: data.readUInt8(0) & 0x1f,
    max: data.readUIntBE(1, 3),
    min: data.readUInt16BE(4),
  };
};

const lackIfTooLong = async (tape: Tape, length: number): Promise<void> => {
  const { max } = await limits(tape);
  if (length > max) throw new Lack(`blocks of at most ${max} bytes`);
};

/** Bytes that differ from place to place, so that a block out of order shows. */
const patterned = (length: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4)
    bytes.writeUInt32LE((at * 2_654_435_761 + seed) >>> 0, at);
  return bytes;
};

const variable = (length: number) =>
  [
    `a block of ${length} bytes → read back as it was`,
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await lackIfTooLong(tape, length);
      const block = patterned(length, length);
      await tape.write(block);
      await tape.rewind();
      const result = await tape.raw(read6(length), { dataInLength: length });
      assert(good("READ(6)", result).data.equals(block), "the block's own bytes");
      assert.equal(result.residualCount, 0);
    },
  ] as const satisfies readonly [string, string, Check["run"]];

const fixed = ([blockLength, count]: readonly [number, number]) =>
  [
    `${count} blocks of ${blockLength} bytes in one fixed WRITE → read back by one fixed READ`,
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await lackIfTooLong(tape, blockLength);
      await tape.setBlockLength(blockLength);
      const bytes = patterned(blockLength * count, blockLength);
      await tape.writeFixed(bytes, blockLength);
      assert.equal((await tape.readPosition()).objectNumber, count);
      await tape.rewind();
      const cdb = read6(count, { fixed: true });
      const result = await tape.raw(cdb, { dataInLength: bytes.length });
      assert(good("READ(6)", result).data.equals(bytes), "the blocks' own bytes");
    },
  ] as const satisfies readonly [string, string, Check["run"]];

export const blocks = group("blocks", "scratch", [
  ...LENGTHS.map(variable),
  ...FIXED.map(fixed),
  [
    "one byte more than READ BLOCK LIMITS says → ILLEGAL REQUEST, nothing written",
    "SSC-5 6.14",
    async (bench) => {
      const tape = await bench.drive();
      const { max } = await limits(tape);
      if (max === 0xff_ffff) throw new Lack("a limit below what a CDB can say");
      const result = await tape.raw(write6(max + 1), { dataOut: Buffer.alloc(max + 1) });
      checkCondition("WRITE(6)", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
      assert.equal((await tape.readPosition()).objectNumber, 0);
    },
  ],
  [
    "WRITE of 0 bytes → GOOD, nothing written",
    "SSC-5 6.14",
    async (bench) => {
      const tape = await bench.drive();
      good("WRITE(6)", await tape.raw(write6(0)));
      assert.equal((await tape.readPosition()).objectNumber, 0);
    },
  ],
  [
    "fixed WRITE with block length 0 → ILLEGAL REQUEST, nothing written",
    "SSC-5 6.14",
    async (bench) => {
      const tape = await bench.drive();
      const result = await tape.raw(write6(1, true), { dataOut: Buffer.alloc(512) });
      checkCondition("WRITE(6)", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
  [
    "READ BLOCK LIMITS → 1 byte to at least 1 MiB, granularity 0",
    "SSC-5 6.5",
    async (bench) => {
      const { granularity, max, min } = await limits(await bench.drive());
      assert(max >= MIB, `at most ${max} bytes a block`);
      assert(min <= 1, `at least ${min} bytes a block`);
      assert.equal(granularity, 0);
    },
  ],
]);
