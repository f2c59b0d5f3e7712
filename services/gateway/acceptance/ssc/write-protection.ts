/** What may not be written: software write protection, append-only mode, write-once cartridges (SSC-5 4.2.20, 4.2.21, 4.2.23). */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import { be, cdb, modeSelect10, modeSense10, write6, writeFilemarks6 } from "../cdb.ts";
import { group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good } from "../expect.ts";

/** Sets bits of a byte of a mode page by a mask. LACK where the page says that they cannot be changed. */
const setBits = async (
  tape: Tape,
  [page, subpage]: readonly [number, number],
  [byte, mask, value]: readonly [number, number, number],
): Promise<void> => {
  const ask = async (pageControl: number) =>
    tape.raw(modeSense10(page, subpage, pageControl), { dataInLength: 256 });
  const [current, changeable] = [await ask(0), await ask(1)];
  if (current.status !== 0) throw new Lack(`mode page ${page.toString(16)}h/${subpage}`);
  const at = 8 + current.data.readUInt16BE(6);
  const maskAt = 8 + changeable.data.readUInt16BE(6);
  if (((changeable.data[maskAt + byte] ?? 0) & mask) !== mask)
    throw new Lack(`bits ${mask.toString(16)}h of mode page ${page.toString(16)}h that may change`);
  const list = Buffer.from(current.data);
  list.writeUInt16BE(0, 0);
  list[at] = list[at]! & 0x7f;
  list[at + byte] = (list[at + byte]! & ~mask) | value;
  good("MODE SELECT(10)", await tape.raw(modeSelect10(list.length), { dataOut: list }));
};

/** Device Configuration mode page, 10h: software write protection of a tape (SSC-5 8.5.3). */
const SWP = [10, 0x04] as const;
const WRITE_MODE = [5, 0xf0] as const;
const protect = (tape: Tape, on: boolean) =>
  setBits(tape, [0x10, 0], [SWP[0], SWP[1], on ? SWP[1] : 0]);
const appendOnly = (tape: Tape, on: boolean) =>
  setBits(tape, [0x10, 1], [WRITE_MODE[0], WRITE_MODE[1], on ? 0x10 : 0]);

const block = Buffer.from("one block");

export const writeProtection = group("write protection", "scratch", [
  [
    "SWP → every write DATA PROTECT 27/02, reads go on, WP in the mode header",
    "SSC-5 8.5.3",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(block);
      await tape.rewind();
      await protect(tape, true);
      try {
        const mode = await tape.raw(modeSense10(0x0a), { dataInLength: 64 });
        assert.equal(mode.data.readUInt8(3) & 0x80, 0x80, "WP");
        const wanted = { key: "DATA PROTECT", code: 0x2702 } as const;
        const written = await tape.raw(write6(block.length), { dataOut: block });
        checkCondition("WRITE(6)", written, wanted);
        checkCondition("WRITE FILEMARKS(6)", await tape.raw(writeFilemarks6(1)), wanted);
        checkCondition("ERASE(6)", await tape.raw(cdb(0x19, 6)), wanted);
        checkCondition("FORMAT MEDIUM", await tape.raw(cdb(0x04, 6)), wanted);
        assert.equal((await tape.read(64)).kind, "block");
      } finally {
        await protect(tape, false);
      }
      await tape.write(block);
    },
  ],
  [
    "append-only mode → no overwriting (30/0C), appending yes, ALLOW OVERWRITE once",
    "SSC-5 7.1, 8.5.3.4",
    async (bench) => {
      const tape = await bench.drive();
      for (let count = 0; count < 3; count += 1) await tape.write(block);
      await tape.rewind();
      await appendOnly(tape, true);
      try {
        const write = () => tape.raw(write6(block.length), { dataOut: block });
        checkCondition("WRITE(6)", await write(), { key: "DATA PROTECT", code: 0x300c });
        await tape.locate(3);
        good("WRITE(6) at end of data", await write());
        await tape.locate(1);
        const allow = cdb(0x82, 16, { 2: 1, 4: be(1, 8) });
        good("ALLOW OVERWRITE", await tape.raw(allow));
        good("WRITE(6) where it is allowed", await write());
        await tape.rewind();
        checkCondition("WRITE(6) again", await write(), { key: "DATA PROTECT", code: 0x300c });
      } finally {
        await tape.rewind();
        await appendOnly(tape, false);
      }
    },
  ],
]);

export const writeOnce = group("write-once cartridge", "worm", [
  [
    "overwriting, erasing, formatting → DATA PROTECT 30/0C; appending → GOOD",
    "SSC-5 4.2.23",
    async (bench) => {
      const tape = await bench.drive();
      await tape.raw([0x11, 3, 0, 0, 0, 0]);
      await tape.write(block);
      await tape.writeFilemarks(1);
      await tape.write(block);
      await tape.rewind();
      const wanted = { key: "DATA PROTECT", code: 0x300c } as const;
      const written = await tape.raw(write6(block.length), { dataOut: block });
      checkCondition("WRITE(6)", written, wanted);
      checkCondition("ERASE(6)", await tape.raw(cdb(0x19, 6)), wanted);
      checkCondition("FORMAT MEDIUM", await tape.raw(cdb(0x04, 6)), wanted);
      assert.equal((await tape.read(64)).kind, "block", "what was written is there");
    },
  ],
]);
