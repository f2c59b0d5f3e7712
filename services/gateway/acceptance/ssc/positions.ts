/** READ POSITION in its three forms and LOCATE(10) and (16), on a few objects (SSC-5 6.6, 6.7, 7.4, 7.5). */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import { cdb, locate10, locate16 } from "../cdb.ts";
import { group } from "../check.ts";
import { checkCondition, good } from "../expect.ts";

const readPosition = async (tape: Tape, serviceAction: number, bytes: number): Promise<Buffer> => {
  const extended = serviceAction === 8 ? { 8: bytes } : {};
  const command = cdb(0x34, 10, { 1: serviceAction, ...extended });
  const result = await tape.raw(command, { dataInLength: bytes });
  const { data } = good(`READ POSITION, service action ${serviceAction}`, result);
  assert.equal(data.length, bytes, "all of the answer");
  return data;
};

/** 20 blocks, a filemark after every fourth: 25 objects. */
const layOut = async (tape: Tape): Promise<void> => {
  for (let file = 0; file < 5; file += 1) {
    for (let block = 0; block < 4; block += 1) await tape.write(Buffer.from(`${file}.${block}`));
    await tape.writeFilemarks(1);
  }
};

const BOP = 0x80;
const FIRST_OBJECT = 4;

export const positions = group("positions", "scratch", [
  [
    "READ POSITION, short form, at the beginning → BOP, object 0",
    "SSC-5 7.5.2",
    async (bench) => {
      const data = await readPosition(await bench.drive(), 0, 20);
      assert.equal(data.readUInt8(0) & 0xc4, BOP, "BOP alone, the position known");
      assert.equal(data.readUInt32BE(FIRST_OBJECT), 0);
    },
  ],
  [
    "READ POSITION, all forms, at every object → the same object, BOP at 0 only",
    "SSC-5 7.5",
    async (bench) => {
      const tape = await bench.drive();
      await layOut(tape);
      for (let object = 0; object <= 25; object += 1) {
        good("LOCATE(10)", await tape.raw(locate10(object)));
        const short = await readPosition(tape, 0, 20);
        const long = await readPosition(tape, 6, 32);
        const extended = await readPosition(tape, 8, 32);
        assert.equal(short.readUInt32BE(4), object);
        assert.equal(long.readBigUInt64BE(8), BigInt(object));
        assert.equal(extended.readBigUInt64BE(8), BigInt(object));
        assert.equal(long.readBigUInt64BE(16), BigInt(Math.floor(object / 5)), "file number");
        for (const form of [short, long, extended])
          assert.equal((form.readUInt8(0) & BOP) !== 0, object === 0, `BOP at object ${object}`);
      }
    },
  ],
  [
    "READ POSITION, extended form, allocation length 8 → cut there",
    "SSC-5 7.5.4",
    async (bench) => {
      const tape = await bench.drive();
      const result = await tape.raw(cdb(0x34, 10, { 1: 8, 8: 8 }), { dataInLength: 32 });
      assert.equal(good("READ POSITION, extended form", result).data.length, 8);
    },
  ],
  [
    "READ POSITION, reserved service action → ILLEGAL REQUEST",
    "SSC-5 7.5",
    async (bench) => {
      const tape = await bench.drive();
      const result = await tape.raw(cdb(0x34, 10, { 1: 0x1f }), { dataInLength: 32 });
      checkCondition("READ POSITION", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
  [
    "LOCATE(16) to every file → the object behind its filemark",
    "SSC-5 7.3",
    async (bench) => {
      const tape = await bench.drive();
      await layOut(tape);
      for (const file of [4, 0, 2, 1, 3]) {
        good("LOCATE(16)", await tape.raw(locate16("file", file)));
        const { objectNumber, fileNumber } = await tape.readPosition();
        assert.deepEqual(
          { objectNumber, fileNumber },
          { objectNumber: file * 5, fileNumber: file },
        );
      }
    },
  ],
  [
    "LOCATE(16) to end of data → there",
    "SSC-5 7.3",
    async (bench) => {
      const tape = await bench.drive();
      await layOut(tape);
      await tape.rewind();
      good("LOCATE(16)", await tape.raw(locate16("endOfData", 0)));
      assert.equal((await tape.readPosition()).objectNumber, 25);
    },
  ],
  [
    "LOCATE beyond the data → BLANK CHECK 00/05, at end of data",
    "SSC-5 7.3",
    async (bench) => {
      const tape = await bench.drive();
      await layOut(tape);
      for (const command of [locate10(26), locate16("object", 1000), locate16("file", 99)]) {
        await tape.rewind();
        const result = await tape.raw(command);
        checkCondition("LOCATE", result, { key: "BLANK CHECK", code: 0x0005 });
        assert.equal((await tape.readPosition()).objectNumber, 25);
      }
    },
  ],
  [
    "LOCATE(16) with a reserved destination type → ILLEGAL REQUEST",
    "SSC-5 7.3",
    async (bench) => {
      const tape = await bench.drive();
      const result = await tape.raw(cdb(0x92, 16, { 1: 2 << 3 }));
      checkCondition("LOCATE(16)", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
  [
    "LOCATE to a partition there is not → ILLEGAL REQUEST",
    "SSC-5 7.3",
    async (bench) => {
      const tape = await bench.drive();
      const result = await tape.raw(locate16("object", 0, 63));
      checkCondition("LOCATE(16)", result, { key: "ILLEGAL REQUEST" });
    },
  ],
]);
