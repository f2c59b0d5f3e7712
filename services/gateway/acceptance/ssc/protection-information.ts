/** Logical block protection, mode page 0Ah/F0h: CRC32C behind every block, checked by the drive and by the host (SSC-5 4.2.29, 8.5.7). */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import { modeSelect10, modeSense10, read6, write6 } from "../cdb.ts";
import { group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good } from "../expect.ts";

const PAGE = [0x0a, 0xf0] as const;
const METHOD_CRC32C = 2;
const LBP_W = 0x80;
const LBP_R = 0x40;
const CRC_BYTES = 4;

/** Castagnoli's polynomial, reflected. */
const crc32c = (bytes: Uint8Array): number => {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f6_3b78;
  }
  return ~crc >>> 0;
};

/** A block with its CRC behind it, the lowest byte first. */
const protectedBlock = (block: Buffer): Buffer => {
  const crc = Buffer.alloc(CRC_BYTES);
  crc.writeUInt32LE(crc32c(block));
  return Buffer.concat([block, crc]);
};

const setProtection = async (tape: Tape, method: number, flags: number): Promise<void> => {
  const sensed = await tape.raw(modeSense10(...PAGE), { dataInLength: 256 });
  if (sensed.status !== 0) throw new Lack("mode page 0Ah/F0h");
  const list = Buffer.from(sensed.data);
  list.writeUInt16BE(0, 0);
  const at = 8 + list.readUInt16BE(6);
  list[at] = list[at]! & 0x7f;
  list[at + 4] = method;
  list[at + 5] = method === 0 ? 0 : CRC_BYTES;
  list[at + 6] = flags;
  good("MODE SELECT(10)", await tape.raw(modeSelect10(list.length), { dataOut: list }));
};

const block = Buffer.from("a block of twenty-seven bytes".slice(0, 27));
const whole = protectedBlock(block);

export const protectionInformation = group("protection information", "scratch", [
  [
    "CRC32C on write → stored without it; a wrong one is refused and nothing written",
    "SSC-5 4.2.29",
    async (bench) => {
      const tape = await bench.drive();
      await setProtection(tape, METHOD_CRC32C, LBP_W);
      try {
        good("WRITE(6)", await tape.raw(write6(whole.length), { dataOut: whole }));
        const wrong = Buffer.from(whole);
        wrong[3] = wrong[3]! ^ 1;
        const refused = await tape.raw(write6(wrong.length), { dataOut: wrong });
        checkCondition("WRITE(6)", refused, { key: "HARDWARE ERROR", code: 0x1001 });
        assert.equal((await tape.readPosition()).objectNumber, 1);
      } finally {
        await tape.rewind();
        await setProtection(tape, 0, 0);
      }
      const read = await tape.raw(read6(block.length), { dataInLength: block.length });
      assert(good("READ(6)", read).data.equals(block));
    },
  ],
  [
    "CRC32C on read → the block and its CRC, also of one written without",
    "SSC-5 4.2.29",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(block);
      await tape.rewind();
      await setProtection(tape, METHOD_CRC32C, LBP_R);
      try {
        const read = await tape.raw(read6(whole.length), { dataInLength: whole.length });
        assert(good("READ(6)", read).data.equals(whole));
      } finally {
        await setProtection(tape, 0, 0);
      }
    },
  ],
  [
    "a method that is not there → ILLEGAL REQUEST 26/00",
    "SSC-5 8.5.7",
    async (bench) => {
      const tape = await bench.drive();
      await setProtection(tape, 0, 0);
      await assert.rejects(setProtection(tape, 0x7f, LBP_W), /26\/00/);
    },
  ],
]);
