/** READ(6) of blocks that are not as long as asked: ILI, INFORMATION and residual, variable and fixed (SSC-5 6.4). */
import assert from "node:assert/strict";
import type { CommandResult, Tape } from "@reelhouse/testing";
import { read6 } from "../cdb.ts";
import { type Check, group } from "../check.ts";
import { checkCondition, good, type WantedSense } from "../expect.ts";

const BLOCK = 1000;
const block = Buffer.from(Array.from({ length: BLOCK }, (_, index) => index & 0xff));

interface Case {
  readonly asked: number;
  readonly sili: boolean;
  /** Undefined: GOOD. */
  readonly sense?: WantedSense;
  readonly dataBytes: number;
}

const incorrect = (information: number): WantedSense => ({
  key: "NO SENSE",
  code: 0,
  incorrectLength: true,
  filemark: false,
  endOfMedium: false,
  information,
});

/** One block of 1000 bytes, variable mode (SSC-5 table 49). */
const VARIABLE: readonly Case[] = [
  { asked: 1000, sili: false, dataBytes: 1000 },
  { asked: 1000, sili: true, dataBytes: 1000 },
  { asked: 1001, sili: false, sense: incorrect(1), dataBytes: 1000 },
  { asked: 4096, sili: false, sense: incorrect(3096), dataBytes: 1000 },
  { asked: 4096, sili: true, dataBytes: 1000 },
  { asked: 999, sili: false, sense: incorrect(-1), dataBytes: 999 },
  { asked: 1, sili: false, sense: incorrect(-999), dataBytes: 1 },
  // Block length 0 in the mode parameters: too long a block is no error either with SILI.
  { asked: 999, sili: true, dataBytes: 999 },
];

const seen = (result: CommandResult, asked: number, dataBytes: number, bytes: Buffer): void => {
  assert.equal(result.data.length, dataBytes, `${dataBytes} bytes of data`);
  assert(result.data.equals(bytes.subarray(0, dataBytes)), "the block's own bytes");
  const residual = asked - dataBytes;
  assert.equal(result.residualKind, residual === 0 ? "none" : "underflow", "residual of iSCSI");
  assert.equal(result.residualCount, residual, "residual count of iSCSI");
};

const variable = ({ asked, sili, sense, dataBytes }: Case) =>
  [
    `variable, ${BLOCK} bytes, ${asked} asked, SILI ${sili ? 1 : 0} → ${sense === undefined ? "GOOD" : `ILI, information ${sense.information}`}`,
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(block);
      await tape.write(block.subarray(0, 10));
      await tape.rewind();
      const result = await tape.raw(read6(asked, { sili }), { dataInLength: asked });
      if (sense === undefined) good("READ(6)", result);
      else checkCondition("READ(6)", result, sense);
      seen(result, asked, dataBytes, block);
      assert.equal((await tape.readPosition()).objectNumber, 1, "the block is passed");
    },
  ] as const satisfies readonly [string, string, Check["run"]];

const FIXED = 512;
const fixedBytes = (count: number) => Buffer.alloc(count * FIXED, 7);

/** Two blocks of 512, one of 700, one of 512; the tape is then read by fours. */
const writeMixed = async (tape: Tape): Promise<void> => {
  await tape.setBlockLength(0);
  for (const length of [FIXED, FIXED, 700, FIXED]) await tape.write(Buffer.alloc(length, 7));
  await tape.setBlockLength(FIXED);
  await tape.rewind();
};

export const incorrectLength = group("incorrect length", "scratch", [
  ...VARIABLE.map(variable),
  [
    "variable, 0 asked → GOOD, the position unchanged",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(block);
      await tape.rewind();
      good("READ(6)", await tape.raw(read6(0)));
      assert.equal((await tape.readPosition()).objectNumber, 0);
    },
  ],
  [
    "fixed, a longer block third of four → ILI, information 2, two blocks, the long one passed",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await writeMixed(tape);
      const result = await tape.raw(read6(4, { fixed: true }), { dataInLength: 4 * FIXED });
      checkCondition("READ(6)", result, incorrect(2));
      assert(result.data.length >= 2 * FIXED, "the blocks before it are transferred");
      assert(result.data.subarray(0, 2 * FIXED).equals(fixedBytes(2)));
      assert.equal((await tape.readPosition()).objectNumber, 3, "logically after the long block");
    },
  ],
  [
    "fixed, blocks of the right length → GOOD and all of them",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.setBlockLength(FIXED);
      await tape.writeFixed(fixedBytes(8), FIXED);
      await tape.rewind();
      const asked = 8 * FIXED;
      const result = await tape.raw(read6(8, { fixed: true }), { dataInLength: asked });
      seen(good("READ(6)", result), asked, asked, fixedBytes(8));
    },
  ],
  [
    "fixed with SILI → ILLEGAL REQUEST, invalid field in CDB",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await writeMixed(tape);
      const cdb = read6(1, { fixed: true, sili: true });
      const result = await tape.raw(cdb, { dataInLength: FIXED });
      checkCondition("READ(6)", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
  [
    "fixed with block length 0 → ILLEGAL REQUEST, invalid field in CDB",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      const result = await tape.raw(read6(1, { fixed: true }), { dataInLength: FIXED });
      checkCondition("READ(6)", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
  [
    "the initiator expects less than the block → the data cut, overflow told",
    "RFC 7143 11.4.5.1",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(block);
      await tape.rewind();
      const result = await tape.raw(read6(BLOCK), { dataInLength: 100 });
      good("READ(6)", result);
      assert.equal(result.data.length, 100);
      assert.equal(result.residualKind, "overflow");
      assert.equal(result.residualCount, BLOCK - 100);
    },
  ],
]);
