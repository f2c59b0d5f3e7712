/** Partitions: made by FORMAT MEDIUM as mode page 11h asks, each with blocks and an end of its own (SSC-5 4.2.7, 7.1, 8.5.3). */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import { cdb, locate16, modeSelect10, modeSense10, space16 } from "../cdb.ts";
import { group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good } from "../expect.ts";

const FDP = 0x80;
const IDP = 0x20;
/** FORMAT MEDIUM makes the partitions, not MODE SELECT; a drive says which by it. */
const POFM = 0x04;
const PSUM_MEGABYTES = 0x10;
const partitionPage = 0x11;

/** The page as the drive has it; MAXIMUM ADDITIONAL PARTITIONS is its byte 2. */
const sensePage = async (tape: Tape): Promise<Buffer> => {
  const { status, data } = await tape.raw(modeSense10(partitionPage), { dataInLength: 256 });
  if (status !== 0) throw new Lack("mode page 11h");
  return Buffer.from(data.subarray(8 + data.readUInt16BE(6)));
};

/** Asks for `additional` partitions beside the first, of so many megabytes, and formats. */
export const makePartitions = async (
  tape: Tape,
  additional: number,
  megabytes: number,
): Promise<void> => {
  const page = await sensePage(tape);
  if ((page[2] ?? 0) < additional) throw new Lack(`${additional + 1} partitions`);
  page[0] = partitionPage;
  page[3] = additional;
  page[4] = IDP | PSUM_MEGABYTES | (page[4]! & POFM);
  const sizes = Array.from({ length: additional + 1 }, (_, index) =>
    index === 0 ? 0xffff : megabytes,
  );
  const body = page.subarray(0, 8 + sizes.length * 2);
  for (const [index, size] of sizes.entries()) body.writeUInt16BE(size, 8 + index * 2);
  body[1] = body.length - 2;
  body[6] = 0;
  const list = Buffer.concat([Buffer.alloc(8), body]);
  good("MODE SELECT(10)", await tape.raw(modeSelect10(list.length), { dataOut: list }));
  good("FORMAT MEDIUM", await tape.raw(cdb(0x04, 6, { 2: 1 })));
  await tape.clearUnitAttentions();
};

const positionOf = async (tape: Tape) => {
  const { partition, objectNumber } = await tape.readPosition();
  return { partition, objectNumber };
};

export const partitions = group("partitions", "scratch", [
  [
    "two partitions → LOCATE changes between them, each has its own blocks",
    "SSC-5 4.2.7",
    async (bench) => {
      const tape = await bench.drive();
      await makePartitions(tape, 1, 20);
      assert.deepEqual(await positionOf(tape), { partition: 0, objectNumber: 0 });
      await tape.write(Buffer.from("zero"));
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 1)));
      assert.deepEqual(await positionOf(tape), { partition: 1, objectNumber: 0 });
      await tape.write(Buffer.from("one"));
      await tape.writeFilemarks(1);
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 0)));
      const zero = await tape.read(64);
      assert(zero.kind === "block" && zero.data.toString() === "zero");
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 1)));
      const one = await tape.read(64);
      assert(one.kind === "block" && one.data.toString() === "one");
    },
  ],
  [
    "SPACE to end of data, and back too far → within the partition",
    "SSC-5 4.2.7",
    async (bench) => {
      const tape = await bench.drive();
      await makePartitions(tape, 1, 20);
      await tape.write(Buffer.from("zero"));
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 1)));
      for (const text of ["a", "b", "c"]) await tape.write(Buffer.from(text));
      await tape.raw(space16("blocks", -2));
      assert.deepEqual(await positionOf(tape), { partition: 1, objectNumber: 1 });
      good("SPACE(16)", await tape.raw(space16("endOfData", 0)));
      assert.deepEqual(await positionOf(tape), { partition: 1, objectNumber: 3 });
      checkCondition("SPACE(16)", await tape.raw(space16("blocks", -9)), {
        key: "NO SENSE",
        code: 0x0004,
        endOfMedium: true,
        information: 6,
      });
      assert.deepEqual(await positionOf(tape), { partition: 1, objectNumber: 0 });
    },
  ],
  [
    "REWIND in partition 1 → the beginning of partition 0 or of the same, told by READ POSITION",
    "SSC-5 7.11",
    async (bench) => {
      const tape = await bench.drive();
      await makePartitions(tape, 1, 20);
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 1)));
      await tape.write(Buffer.from("one"));
      await tape.rewind();
      assert.deepEqual(await positionOf(tape), { partition: 1, objectNumber: 0 });
    },
  ],
  [
    "partition 1 full → overflow there, partition 0 as it was",
    "SSC-5 4.2.4",
    async (bench) => {
      const tape = await bench.drive();
      await makePartitions(tape, 1, 20);
      await tape.write(Buffer.from("zero"));
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 1)));
      const block = Buffer.alloc(1024 * 1024, 1);
      let overflow;
      for (let count = 0; count < 64 && overflow === undefined; count += 1) {
        const result = await tape.raw([0x0a, 0, 0x10, 0, 0, 0], { dataOut: block });
        if (result.sense?.senseKey === 13) overflow = result;
      }
      assert(overflow !== undefined, "20 MB are full after 64 MiB");
      checkCondition("WRITE(6)", overflow, { key: "VOLUME OVERFLOW", endOfMedium: true });
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 0)));
      const zero = await tape.read(64);
      assert(zero.kind === "block" && zero.data.toString() === "zero");
      assert.equal((await tape.write(Buffer.from("more"))).earlyWarning, false);
    },
  ],
  [
    "four partitions, written in any order → each read back; FORMAT MEDIUM 0 → one, and blank",
    "SSC-5 7.1",
    async (bench) => {
      const tape = await bench.drive();
      await makePartitions(tape, 3, 16);
      for (const partition of [2, 0, 3, 1]) {
        good("LOCATE(16)", await tape.raw(locate16("object", 0, partition)));
        await tape.write(Buffer.from(`partition ${partition}`));
      }
      for (const partition of [1, 3, 0, 2]) {
        good("LOCATE(16)", await tape.raw(locate16("object", 0, partition)));
        const read = await tape.read(64);
        assert(read.kind === "block" && read.data.toString() === `partition ${partition}`);
      }
      good("LOCATE(16)", await tape.raw(locate16("object", 0, 0)));
      good("FORMAT MEDIUM", await tape.raw(cdb(0x04, 6)));
      await tape.clearUnitAttentions();
      assert.equal((await tape.read(64)).kind, "endOfData");
      assert.equal((await sensePage(tape))[3], 0, "ADDITIONAL PARTITIONS DEFINED");
    },
  ],
  [
    "FORMAT MEDIUM away from the beginning → ILLEGAL REQUEST 3B/0C, nothing lost",
    "SSC-5 7.1",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(Buffer.from("here"));
      const result = await tape.raw(cdb(0x04, 6, { 2: 1 }));
      checkCondition("FORMAT MEDIUM", result, { key: "ILLEGAL REQUEST", code: 0x3b0c });
      await tape.rewind();
      assert.equal((await tape.read(64)).kind, "block");
    },
  ],
  [
    "mode page 11h with FDP and IDP both → ILLEGAL REQUEST 26/00",
    "SSC-5 8.5.3",
    async (bench) => {
      const tape = await bench.drive();
      const page = await sensePage(tape);
      page[0] = partitionPage;
      page[4] = FDP | IDP | PSUM_MEGABYTES | (page[4]! & POFM);
      const list = Buffer.concat([Buffer.alloc(8), page]);
      const result = await tape.raw(modeSelect10(list.length), { dataOut: list });
      checkCondition("MODE SELECT(10)", result, { key: "ILLEGAL REQUEST", code: 0x2600 });
    },
  ],
]);
