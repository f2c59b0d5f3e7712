/** READ ATTRIBUTE and WRITE ATTRIBUTE: the medium auxiliary memory, read, written, clamped and kept (SPC-5 6.17, 6.49, 7.4). */
import assert from "node:assert/strict";
import type { CommandResult, Tape } from "@reelhouse/testing";
import { be, loadUnload, readAttribute, writeAttribute } from "../cdb.ts";
import { group } from "../check.ts";
import { checkCondition, good } from "../expect.ts";

const readActions = { values: 0, list: 1, volumes: 2, partitions: 3, supported: 5 } as const;
const APPLICATION_VENDOR = 0x0800;
const USER_LABEL = 0x0803;
const COHERENCY = 0x080c;
const REMAINING_CAPACITY = 0x0000;
const MAM_SPACE_REMAINING = 0x0004;
const formats = { binary: 0, ascii: 1, text: 2 } as const;

/** ATTRIBUTE LIST with one attribute in it. */
const listOf = (identifier: number, format: number, value: Uint8Array): Buffer => {
  const attribute = [...be(identifier, 2), format, ...be(value.length, 2), ...value];
  return Buffer.from([...be(attribute.length, 4), ...attribute]);
};

/** WRITE ATTRIBUTE of one attribute; its result, whatever the status. */
export const write = (
  tape: Tape,
  identifier: number,
  format: number,
  value: Uint8Array,
  partition = 0,
): Promise<CommandResult> => {
  const list = listOf(identifier, format, value);
  return tape.raw(writeAttribute(partition, list.length), { dataOut: list });
};

/** Attributes by identifier, their lengths adding up; LACK where the target has no MAM. */
export const readAll = async (
  tape: Tape,
  first = 0,
  partition = 0,
): Promise<Map<number, Buffer>> => {
  const command = readAttribute(readActions.values, partition, first);
  const { data } = good("READ ATTRIBUTE", await tape.raw(command, { dataInLength: 0xffff }));
  assert.equal(data.readUInt32BE(0), data.length - 4, "AVAILABLE DATA");
  const found = new Map<number, Buffer>();
  let at = 4;
  while (at + 5 <= data.length) {
    const length = data.readUInt16BE(at + 3);
    found.set(data.readUInt16BE(at), data.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  assert.equal(at, data.length, "the attributes add up");
  return found;
};

const identifiers = async (tape: Tape, action: number): Promise<number[]> => {
  const command = readAttribute(action, 0);
  const { data } = good("READ ATTRIBUTE", await tape.raw(command, { dataInLength: 0xffff }));
  assert.equal(data.readUInt32BE(0), data.length - 4);
  return Array.from({ length: (data.length - 4) / 2 }, (_, index) =>
    data.readUInt16BE(4 + index * 2),
  );
};

export const attributes = group("attributes", "scratch", [
  [
    "all values → ascending, and the same identifiers as the list; a first identifier clamps both",
    "SPC-5 6.17",
    async (bench) => {
      const tape = await bench.drive();
      const all = [...(await readAll(tape)).keys()];
      assert.deepEqual(
        all,
        all.toSorted((one, other) => one - other),
      );
      const listed = await identifiers(tape, readActions.list);
      assert.deepEqual(listed, all);
      const supported = await identifiers(tape, readActions.supported);
      for (const each of all)
        assert(supported.includes(each), `${each.toString(16)}h is supported`);
      const later = all[all.length >> 1]!;
      const clamped = [...(await readAll(tape, later)).keys()];
      assert.deepEqual(
        clamped,
        all.filter((each) => each >= later),
      );
    },
  ],
  [
    "a host attribute written → read back, kept over an unload, removed by length 0",
    "SPC-5 6.49",
    async (bench) => {
      const tape = await bench.drive();
      await readAll(tape);
      const vendor = Buffer.from("CONFORM ");
      good("WRITE ATTRIBUTE", await write(tape, APPLICATION_VENDOR, formats.ascii, vendor));
      const label = Buffer.from("a label of some length".padEnd(160));
      good("WRITE ATTRIBUTE", await write(tape, USER_LABEL, formats.text, label));
      assert((await readAll(tape)).get(APPLICATION_VENDOR)?.equals(vendor));
      good("unload", await tape.raw(loadUnload(false)));
      good("load", await tape.raw(loadUnload(true)));
      await tape.clearUnitAttentions();
      const kept = await readAll(tape);
      assert(kept.get(APPLICATION_VENDOR)?.equals(vendor));
      assert(kept.get(USER_LABEL)?.equals(label));
      for (const [identifier, format] of [
        [APPLICATION_VENDOR, formats.ascii],
        [USER_LABEL, formats.text],
      ] as const)
        good("WRITE ATTRIBUTE", await write(tape, identifier, format, Buffer.alloc(0)));
      const removed = await readAll(tape);
      assert(!removed.has(APPLICATION_VENDOR) && !removed.has(USER_LABEL));
    },
  ],
  [
    "a device or medium attribute written → ILLEGAL REQUEST, nothing changed",
    "SPC-5 6.49",
    async (bench) => {
      const tape = await bench.drive();
      const before = (await readAll(tape)).get(REMAINING_CAPACITY);
      const result = await write(tape, REMAINING_CAPACITY, formats.binary, Buffer.alloc(8));
      checkCondition("WRITE ATTRIBUTE", result, { key: "ILLEGAL REQUEST", code: 0x2600 });
      assert.deepEqual((await readAll(tape)).get(REMAINING_CAPACITY), before);
    },
  ],
  [
    "a value of the wrong length or format → ILLEGAL REQUEST, nothing written",
    "SPC-5 7.4.1",
    async (bench) => {
      const tape = await bench.drive();
      await readAll(tape);
      const long = await write(tape, APPLICATION_VENDOR, formats.ascii, Buffer.alloc(9, 65));
      checkCondition("too long", long, { key: "ILLEGAL REQUEST" });
      const binary = await write(tape, APPLICATION_VENDOR, formats.binary, Buffer.alloc(8, 65));
      checkCondition("another format", binary, { key: "ILLEGAL REQUEST" });
      assert(!(await readAll(tape)).has(APPLICATION_VENDOR));
    },
  ],
  [
    "a parameter list cut short → ILLEGAL REQUEST 1A/00",
    "SPC-5 6.49",
    async (bench) => {
      const tape = await bench.drive();
      await readAll(tape);
      const list = listOf(APPLICATION_VENDOR, formats.ascii, Buffer.alloc(8, 65)).subarray(0, -2);
      const result = await tape.raw(writeAttribute(0, list.length), { dataOut: list });
      checkCondition("WRITE ATTRIBUTE", result, { key: "ILLEGAL REQUEST", code: 0x1a00 });
    },
  ],
  [
    "volume coherency of 70 bytes → kept; MAM space remaining shrinks by as much",
    "SPC-5 7.4.2.4, SSC-5",
    async (bench) => {
      const tape = await bench.drive();
      const before = (await readAll(tape)).get(MAM_SPACE_REMAINING)?.readBigUInt64BE(0) ?? 0n;
      const coherency = Buffer.alloc(70, 0x5a);
      good("WRITE ATTRIBUTE", await write(tape, COHERENCY, formats.binary, coherency));
      const after = await readAll(tape);
      assert(after.get(COHERENCY)?.equals(coherency));
      assert((after.get(MAM_SPACE_REMAINING)?.readBigUInt64BE(0) ?? 0n) < before);
      good("WRITE ATTRIBUTE", await write(tape, COHERENCY, formats.binary, Buffer.alloc(0)));
    },
  ],
  [
    "a partition that is not there → ILLEGAL REQUEST",
    "SPC-5 6.17",
    async (bench) => {
      const tape = await bench.drive();
      await readAll(tape);
      const command = readAttribute(readActions.values, 9);
      const result = await tape.raw(command, { dataInLength: 256 });
      checkCondition("READ ATTRIBUTE", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
]);
