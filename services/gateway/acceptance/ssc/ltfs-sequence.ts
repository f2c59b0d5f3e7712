/** What LTFS sends a drive, in its order: format, mount, append, unmount, mount again (its sg back end; blocks are not LTFS' own). */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import {
  be,
  cdb,
  loadUnload,
  locate16,
  logSense,
  modeSense10,
  preventAllow,
  read6,
  space16,
  supportedOpcodes,
  write6,
} from "../cdb.ts";
import { group } from "../check.ts";
import { good } from "../expect.ts";
import { reserveOut } from "../spc/reservations.ts";
import { readAll, write as writeAttribute } from "./attributes.ts";
import { makePartitions } from "./partitions.ts";

const KEY = 0x10_20_30;
const EXCLUSIVE_ACCESS = 3;
const LABEL_BYTES = 4096;
const DATA_BYTES = 512 * 1024;
const VOLUME_CHANGE_REFERENCE = 0x0009;
const COHERENCY = 0x080c;
const label = Buffer.alloc(LABEL_BYTES, "VOL1 and an XML label");
const data = Buffer.alloc(DATA_BYTES, "file data");
const index = Buffer.alloc(LABEL_BYTES, "an index");

/** Pages it reads when it opens a device. */
const MODE_PAGES = [0x0f, 0x10, 0x11, 0x3f] as const;
const LOG_PAGES = [0x17, 0x31, 0x2e] as const;

const open = async (tape: Tape): Promise<void> => {
  good("TEST UNIT READY", await tape.testUnitReady());
  await tape.inquiry();
  await tape.serialNumber();
  good("REGISTER AND IGNORE", await reserveOut(tape, "registerAndIgnore", [0, KEY]));
  good("RESERVE", await reserveOut(tape, "reserve", [KEY], EXCLUSIVE_ACCESS));
  good("PREVENT", await tape.raw(preventAllow(1)));
  good("READ BLOCK LIMITS", await tape.raw(cdb(0x05, 6), { dataInLength: 6 }));
  const timeouts = await tape.raw(supportedOpcodes({ rctd: true }), { dataInLength: 0x10000 });
  good("REPORT SUPPORTED OPERATION CODES", timeouts);
  for (const page of MODE_PAGES)
    good(`mode page ${page}`, await tape.raw(modeSense10(page), { dataInLength: 512 }));
  for (const page of LOG_PAGES)
    good(`log page ${page}`, await tape.raw(logSense(page), { dataInLength: 0xffff }));
};

const close = async (tape: Tape): Promise<void> => {
  good("ALLOW", await tape.raw(preventAllow(0)));
  good("RELEASE", await reserveOut(tape, "release", [KEY], EXCLUSIVE_ACCESS));
  good("REGISTER, key 0", await reserveOut(tape, "registerAndIgnore", [0, 0]));
};

const at = async (tape: Tape, partition: number, object: number): Promise<void> => {
  good("LOCATE(16)", await tape.raw(locate16("object", object, partition)));
  const position = await tape.readPosition();
  assert.deepEqual([position.partition, position.objectNumber], [partition, object]);
};

const put = async (tape: Tape, block: Buffer): Promise<void> => {
  good("WRITE(6)", await tape.raw(write6(block.length), { dataOut: block }));
};

const expectBlock = async (tape: Tape, block: Buffer): Promise<void> => {
  const asked = { dataInLength: DATA_BYTES };
  const result = good(
    "READ(6) with SILI",
    await tape.raw(read6(DATA_BYTES, { sili: true }), asked),
  );
  assert(result.data.equals(block), "the block as it was written");
};

const volumeChangeReference = async (tape: Tape): Promise<bigint> => {
  const value = (await readAll(tape)).get(VOLUME_CHANGE_REFERENCE) ?? Buffer.alloc(0);
  return BigInt(`0x0${value.toString("hex")}`);
};

/** Volume coherency information: reference, count, where the index lies, and LTFS' own (SSC-5, LTFS 2.4 10.4). */
const setCoherency = async (tape: Tape, partition: number, block: number): Promise<Buffer> => {
  const reference = await volumeChangeReference(tape);
  const client = Buffer.alloc(43, "LTFS\0");
  const value = Buffer.from([
    8,
    ...be(reference, 8),
    ...be(1, 8),
    ...be(block, 8),
    0,
    client.length,
    ...client,
  ]);
  const result = await writeAttribute(tape, COHERENCY, 0, value, partition);
  good("WRITE ATTRIBUTE 080C", result);
  return value;
};

/** Labels in both partitions, an index in each: what mkltfs leaves. */
const format = async (tape: Tape): Promise<void> => {
  await makePartitions(tape, 1, 40);
  for (const partition of [1, 0]) {
    await at(tape, partition, 0);
    await put(tape, label);
    await tape.writeFilemarks(1);
    await put(tape, index);
    await tape.writeFilemarks(1);
  }
};

export const ltfsSequence = group("LTFS", "scratch", [
  [
    "format, mount, append, unmount, mount again → every block there, coherency agrees with the volume change reference",
    "SSC-5, SPC-5, LTFS format 2.4",
    async (bench) => {
      const tape = await bench.drive();
      await open(tape);
      await format(tape);
      const formatted = await volumeChangeReference(tape);
      assert(formatted > 0n, "a reference once something is written");

      good("SPACE(16) to end of data", await tape.raw(locate16("endOfData", 0, 1)));
      const first = (await tape.readPosition()).objectNumber;
      for (let count = 0; count < 4; count += 1) await put(tape, data);
      await tape.writeFilemarks(1);
      await put(tape, index);
      await tape.writeFilemarks(1);
      const ofData = await setCoherency(tape, 1, first + 5);
      await at(tape, 0, 2);
      await tape.writeFilemarks(0);
      await put(tape, index);
      await tape.writeFilemarks(1);
      const ofIndex = await setCoherency(tape, 0, 2);
      await close(tape);
      good("unload", await tape.raw(loadUnload(false)));

      good("load", await tape.raw(loadUnload(true)));
      await tape.clearUnitAttentions();
      await open(tape);
      assert((await readAll(tape, 0, 1)).get(COHERENCY)?.equals(ofData), "partition 1's coherency");
      assert(
        (await readAll(tape, 0, 0)).get(COHERENCY)?.equals(ofIndex),
        "partition 0's coherency",
      );
      assert.equal(
        await volumeChangeReference(tape),
        ofIndex.readBigUInt64BE(1),
        "not changed by loads",
      );
      await at(tape, 0, 0);
      await expectBlock(tape, label);
      await at(tape, 1, first);
      for (let count = 0; count < 4; count += 1) await expectBlock(tape, data);
      good("SPACE(16) over the filemark", await tape.raw(space16("filemarks", 1)));
      await expectBlock(tape, index);
      await close(tape);
    },
  ],
  [
    "a write after another load → a new volume change reference; none without a write",
    "SSC-5 4.2.26",
    async (bench) => {
      const tape = await bench.drive();
      await put(tape, data);
      await tape.writeFilemarks(1);
      const before = await volumeChangeReference(tape);
      good("unload", await tape.raw(loadUnload(false)));
      good("load", await tape.raw(loadUnload(true)));
      await tape.clearUnitAttentions();
      assert.equal(await volumeChangeReference(tape), before, "a load alone changes nothing");
      await tape.raw(locate16("endOfData", 0));
      await put(tape, data);
      assert.notEqual(await volumeChangeReference(tape), before);
    },
  ],
]);
