/** The end of a cartridge: programmable early warning, early warning, overflow with its residue, room to close it (SSC-5 4.2.4). */
import assert from "node:assert/strict";
import type { CommandResult, Tape } from "@reelhouse/testing";
import { modeSelect10, modeSense10, read6, rewind, write6, writeFilemarks6 } from "../cdb.ts";
import { group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good } from "../expect.ts";

const MIB = 1024 * 1024;
const block = Buffer.alloc(MIB, "end of medium");
const BLOCKS_MAX = 4096;

interface End {
  /** Blocks before the first early warning, that one included. */
  readonly toWarning: number;
  /** Blocks written in all. */
  readonly written: number;
  readonly overflow: CommandResult;
}

/** Writes mebibytes until VOLUME OVERFLOW; every answer on the way must be GOOD or a warning. */
const fill = async (tape: Tape): Promise<End> => {
  let toWarning = 0;
  for (let written = 1; written < BLOCKS_MAX; written += 1) {
    const result = await tape.raw(write6(MIB), { dataOut: block });
    const key = result.sense?.senseKey;
    if (key === 13) return { toWarning, written: written - 1, overflow: result };
    if (result.status === 0) {
      assert.equal(toWarning, 0, "GOOD after early warning");
      continue;
    }
    checkCondition("WRITE(6) in the warning zone", result, {
      key: "NO SENSE",
      code: 0x0002,
      endOfMedium: true,
    });
    if (toWarning === 0) toWarning = written;
  }
  throw new Lack(`an end within ${BLOCKS_MAX} MiB: name a smaller cartridge`);
};

/** Mode page 10h, subpage 1: PEWS in MiB at offset 6 (SSC-5 8.5.3.4). */
const setProgrammableEarlyWarning = async (tape: Tape, mebibytes: number): Promise<void> => {
  const sensed = await tape.raw(modeSense10(0x10, 1), { dataInLength: 0xffff });
  if (sensed.status !== 0) throw new Lack("mode page 10h, subpage 1");
  const list = Buffer.from(sensed.data);
  list.writeUInt16BE(0, 0);
  const page = 8 + list.readUInt16BE(6);
  list.writeUInt16BE(mebibytes, page + 6);
  good("MODE SELECT(10)", await tape.raw(modeSelect10(list.length), { dataOut: list }));
};

export const endOfMedium = group("end of medium", "small", [
  [
    "WRITE to the end → early warning 00/02 with EOM, then VOLUME OVERFLOW with the block as residue",
    "SSC-5 6.14",
    async (bench) => {
      const tape = await bench.drive();
      const { toWarning, written, overflow } = await fill(tape);
      assert(toWarning > 0, "early warning comes before the end");
      checkCondition("WRITE(6) at the end", overflow, {
        key: "VOLUME OVERFLOW",
        code: 0x0002,
        endOfMedium: true,
        information: MIB,
      });
      assert.equal(
        (await tape.readPosition()).objectNumber,
        written,
        "what overflowed is not there",
      );
      assert((await tape.readPosition()).endOfPartition, "EOP of READ POSITION");
      const closing = await tape.raw(writeFilemarks6(1));
      assert(
        [0, 2].includes(closing.status) && (closing.sense?.senseKey ?? 0) === 0,
        "a filemark fits",
      );
      good("REWIND", await tape.raw(rewind));
      for (let at = 0; at < written; at += 1) {
        const result = await tape.raw(read6(MIB), { dataInLength: MIB });
        assert.equal(result.data.length, MIB, `block ${at} of ${written}`);
        assert(result.data.equals(block));
      }
      assert.equal((await tape.read(MIB)).kind, "filemark");
    },
  ],
  [
    "fixed WRITE over the end → VOLUME OVERFLOW, information is the blocks that are not there",
    "SSC-5 6.14",
    async (bench) => {
      const tape = await bench.drive();
      const { written } = await fill(tape);
      await tape.setBlockLength(MIB);
      await tape.locate(written - 1);
      const result = await tape.raw(write6(4, true), {
        dataOut: Buffer.concat(Array(4).fill(block)),
      });
      const after = (await tape.readPosition()).objectNumber;
      checkCondition("WRITE(6)", result, {
        key: "VOLUME OVERFLOW",
        code: 0x0002,
        endOfMedium: true,
        information: 4 - (after - (written - 1)),
      });
    },
  ],
  [
    "programmable early warning set → 00/07 once, before 00/02",
    "SSC-5 4.2.4",
    async (bench) => {
      const tape = await bench.drive();
      await setProgrammableEarlyWarning(tape, 8);
      try {
        let programmable = 0;
        for (let written = 1; written < BLOCKS_MAX; written += 1) {
          const result = await tape.raw(write6(MIB), { dataOut: block });
          if (result.status === 0) continue;
          const code = result.sense?.additionalSenseCodeQualifier;
          checkCondition("WRITE(6)", result, { key: "NO SENSE", endOfMedium: true });
          if (code === 7) programmable += 1;
          if (code === 2) break;
        }
        assert.equal(programmable, 1, "told once");
      } finally {
        await tape.rewind();
        await setProgrammableEarlyWarning(tape, 0);
      }
    },
  ],
  [
    "READ over early warning → GOOD: reads are not warned",
    "SSC-5 4.2.4",
    async (bench) => {
      const tape = await bench.drive();
      const { toWarning } = await fill(tape);
      await tape.locate(toWarning - 1);
      good("READ(6)", await tape.raw(read6(MIB), { dataInLength: MIB }));
    },
  ],
]);
