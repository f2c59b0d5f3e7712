/** READ(6) that meets a filemark, end of data or both: FILEMARK, EOM, BLANK CHECK with residues (SSC-5 6.4). */
import assert from "node:assert/strict";
import { read6, rewind, writeFilemarks6 } from "../cdb.ts";
import { group } from "../check.ts";
import { checkCondition, good } from "../expect.ts";

const FIXED = 512;

export const readingMarks = group("reading marks", "scratch", [
  [
    "variable, a filemark → FILEMARK, information as asked, passed",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.writeFilemarks(1);
      await tape.write(Buffer.from("after"));
      await tape.rewind();
      checkCondition("READ(6)", await tape.raw(read6(4096), { dataInLength: 4096 }), {
        key: "NO SENSE",
        code: 0x0001,
        filemark: true,
        endOfMedium: false,
        incorrectLength: false,
        information: 4096,
      });
      assert.equal((await tape.readPosition()).objectNumber, 1);
      assert.equal((await tape.read(64)).kind, "block");
    },
  ],
  [
    "variable with SILI, a filemark → FILEMARK all the same",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.writeFilemarks(1);
      await tape.rewind();
      const result = await tape.raw(read6(512, { sili: true }), { dataInLength: 512 });
      checkCondition("READ(6)", result, { key: "NO SENSE", code: 0x0001, filemark: true });
    },
  ],
  [
    "fixed, a filemark after two of five blocks → information 3, two blocks of data",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.setBlockLength(FIXED);
      await tape.writeFixed(Buffer.alloc(2 * FIXED, 7), FIXED);
      await tape.writeFilemarks(1);
      await tape.writeFixed(Buffer.alloc(4 * FIXED, 8), FIXED);
      await tape.rewind();
      const asked = 5 * FIXED;
      const result = await tape.raw(read6(5, { fixed: true }), { dataInLength: asked });
      checkCondition("READ(6)", result, {
        key: "NO SENSE",
        code: 0x0001,
        filemark: true,
        incorrectLength: false,
        information: 3,
      });
      assert(result.data.equals(Buffer.alloc(2 * FIXED, 7)));
      assert.equal(result.residualCount, 3 * FIXED);
      assert.equal((await tape.readPosition()).objectNumber, 3);
    },
  ],
  [
    "variable, end of data → BLANK CHECK 00/05, information as asked, position unchanged",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(Buffer.from("one"));
      await tape.rewind();
      await tape.read(64);
      for (let again = 0; again < 2; again += 1)
        checkCondition("READ(6)", await tape.raw(read6(100), { dataInLength: 100 }), {
          key: "BLANK CHECK",
          code: 0x0005,
          filemark: false,
          incorrectLength: false,
          information: 100,
        });
      assert.equal((await tape.readPosition()).objectNumber, 1);
    },
  ],
  [
    "fixed, end of data after two of five blocks → BLANK CHECK, information 3, two blocks",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      await tape.setBlockLength(FIXED);
      await tape.writeFixed(Buffer.alloc(2 * FIXED, 7), FIXED);
      await tape.rewind();
      const asked = 5 * FIXED;
      const result = await tape.raw(read6(5, { fixed: true }), { dataInLength: asked });
      checkCondition("READ(6)", result, { key: "BLANK CHECK", code: 0x0005, information: 3 });
      assert(result.data.equals(Buffer.alloc(2 * FIXED, 7)));
    },
  ],
  [
    "a blank cartridge → BLANK CHECK at its beginning",
    "SSC-5 6.4",
    async (bench) => {
      const tape = await bench.drive();
      const result = await tape.raw(read6(64), { dataInLength: 64 });
      checkCondition("READ(6)", result, { key: "BLANK CHECK", code: 0x0005 });
      assert.equal((await tape.readPosition()).objectNumber, 0);
    },
  ],
  [
    "a write in the middle → what followed is gone, end of data is behind it",
    "SSC-5 4.2.8",
    async (bench) => {
      const tape = await bench.drive();
      for (const text of ["one", "two", "three"]) await tape.write(Buffer.from(text));
      await tape.locate(1);
      await tape.write(Buffer.from("new"));
      assert.equal((await tape.read(64)).kind, "endOfData");
      good("REWIND", await tape.raw(rewind));
      const blocks = (await tape.readFile(64)).map(String);
      assert.deepEqual(blocks, ["one", "new"]);
    },
  ],
  [
    "WRITE FILEMARKS of none → GOOD, nothing written",
    "SSC-5 6.13",
    async (bench) => {
      const tape = await bench.drive();
      good("WRITE FILEMARKS(6)", await tape.raw(writeFilemarks6(0)));
      assert.equal((await tape.readPosition()).objectNumber, 0);
    },
  ],
  [
    "WRITE FILEMARKS with IMMED → GOOD, the filemarks are there",
    "SSC-5 6.13",
    async (bench) => {
      const tape = await bench.drive();
      good("WRITE FILEMARKS(6)", await tape.raw(writeFilemarks6(3, true)));
      const { objectNumber, fileNumber } = await tape.readPosition();
      assert.deepEqual({ objectNumber, fileNumber }, { objectNumber: 3, fileNumber: 3 });
    },
  ],
]);
