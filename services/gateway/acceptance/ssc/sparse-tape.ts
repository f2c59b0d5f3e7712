/** Object numbers far beyond 32 bits: a tape of filemarks alone, and round trips of LOCATE and READ POSITION on it. */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import { locate10, locate16, space16, writeFilemarks6 } from "../cdb.ts";
import { group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, describe, good } from "../expect.ts";

/** What one WRITE FILEMARKS(6) can say. */
const FILEMARKS_MAX = 0xff_ffff;
const TIMEOUT_MS = 300_000;

/** Writes filemarks until there are so many. LACK where the tape cannot hold them. */
const writeRuns = async (tape: Tape, objects: bigint): Promise<void> => {
  for (let left = objects; left > 0n; left -= BigInt(FILEMARKS_MAX)) {
    const count = Number(left < FILEMARKS_MAX ? left : BigInt(FILEMARKS_MAX));
    const immediate = left > FILEMARKS_MAX;
    const result = await tape.raw(writeFilemarks6(count, immediate), { timeoutMs: TIMEOUT_MS });
    if (result.status !== 0)
      throw new Lack(`room for ${objects} filemarks: ${describe(result)} with ${left} to go`);
  }
};

const objectOf = async (tape: Tape): Promise<bigint> =>
  (
    await tape.good("READ POSITION", [0x34, 6, 0, 0, 0, 0, 0, 0, 0, 0], { dataInLength: 32 })
  ).data.readBigUInt64BE(8);

/** The ends, their neighbours, and the powers of two between them, out of order. */
const destinations = (objects: bigint): bigint[] => {
  const found = [0n, 1n, objects - 1n, objects];
  for (let power = 24n; 2n ** power < objects; power += 4n)
    found.push(2n ** power, 2n ** power - 1n, objects - 2n ** power);
  return found.toSorted(
    (one, other) => Number((one * 7919n) % 97n) - Number((other * 7919n) % 97n),
  );
};

export const sparseTape = group("sparse tape", "scratch", [
  [
    "filemarks up to --objects → LOCATE and READ POSITION agree everywhere, SPACE both ways",
    "SSC-5 7.3, 7.5",
    async (bench) => {
      const tape = await bench.drive();
      const { objects } = bench.options;
      await writeRuns(tape, objects);
      assert.equal(await objectOf(tape), objects);
      await tape.write(Buffer.from("the last"));
      for (const destination of destinations(objects)) {
        good(`LOCATE(16) to ${destination}`, await tape.raw(locate16("object", destination)));
        assert.equal(await objectOf(tape), destination);
        good(`LOCATE(16) to file ${destination}`, await tape.raw(locate16("file", destination)));
        assert.equal(await objectOf(tape), destination, "file N begins at object N here");
      }
      const last = await tape.read(64);
      assert(last.kind !== "endOfData" || (await objectOf(tape)) === objects + 1n);
      good("LOCATE(16)", await tape.raw(locate16("object", objects)));
      good("SPACE(16), back", await tape.raw(space16("filemarks", -(objects - 5n))));
      assert.equal(await objectOf(tape), 5n);
      good("SPACE(16), forth", await tape.raw(space16("filemarks", objects - 10n)));
      assert.equal(await objectOf(tape), objects - 5n);
      checkCondition("SPACE(16) too far", await tape.raw(space16("filemarks", objects)), {
        key: "BLANK CHECK",
        code: 0x0005,
      });
    },
  ],
  [
    "an object number beyond 32 bits → PERR in the short form, LOCATE(10) still finds what it can name",
    "SSC-5 7.5.2",
    async (bench) => {
      const tape = await bench.drive();
      const { objects } = bench.options;
      if (objects <= 0xffff_ffffn) throw new Lack("--objects of more than 2^32");
      await writeRuns(tape, objects);
      const { data } = await tape.good("READ POSITION", [0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0], {
        dataInLength: 20,
      });
      assert.equal(data.readUInt8(0) & 0x02, 0x02, "PERR: a position that does not fit");
      good("LOCATE(10)", await tape.raw(locate10(0xffff_ffff)));
      assert.equal(await objectOf(tape), 0xffff_ffffn);
    },
  ],
]);
