/** Every command with an allocation length, cut at every interesting length: never more, never an error (SPC-5 4.2.5.6). */
import assert from "node:assert/strict";
import type { CommandResult, ScsiDevice } from "@reelhouse/testing";
import { be, cdb, logSense, modeSense10, persistentReserveIn, readAttribute } from "../cdb.ts";
import { type Check, type CheckGroup, group, type Precondition } from "../check.ts";
import { Lack } from "../lack.ts";
import { describe, isUnknown } from "../expect.ts";

interface Asked {
  readonly name: string;
  readonly cdb: (allocationLength: number) => Uint8Array;
  /** The largest the field can say is cut to this. */
  readonly lengthMax: number;
  /** Below it, the command may be refused (SPC-4 note to REPORT LUNS). */
  readonly lengthMin?: number;
  /** Bytes that are another at each asking (clocks, counters): only lengths are compared. */
  readonly changing?: boolean;
}

const two = 0xffff;
const at = (
  name: string,
  opcode: number,
  length: 6 | 10 | 12 | 16,
  field: readonly [offset: number, width: number],
  rest: Readonly<Record<number, number | readonly number[]>> = {},
): Asked => ({
  name,
  cdb: (allocation) => cdb(opcode, length, { ...rest, [field[0]]: be(allocation, field[1]) }),
  lengthMax: field[1] === 1 ? 0xff : two,
});

/** Commands of every device (SPC-5). */
const PRIMARY: readonly Asked[] = [
  at("REQUEST SENSE", 0x03, 6, [4, 1]),
  at("INQUIRY", 0x12, 6, [3, 2]),
  at("INQUIRY, VPD page 00h", 0x12, 6, [3, 2], { 1: 1 }),
  at("INQUIRY, VPD page 80h", 0x12, 6, [3, 2], { 1: 1, 2: 0x80 }),
  at("INQUIRY, VPD page 83h", 0x12, 6, [3, 2], { 1: 1, 2: 0x83 }),
  at("MODE SENSE(6), all pages", 0x1a, 6, [4, 1], { 2: 0x3f }),
  { name: "MODE SENSE(10), all pages", cdb: (n) => modeSense10(0x3f, 0xff, 0, n), lengthMax: two },
  at("RECEIVE DIAGNOSTIC RESULTS", 0x1c, 6, [3, 2], { 1: 1 }),
  at("READ BUFFER, descriptor", 0x3c, 10, [6, 3], { 1: 3 }),
  { name: "LOG SENSE, page 00h", cdb: (n) => logSense(0, 0, n), lengthMax: two },
  { name: "LOG SENSE, page 00h/FFh", cdb: (n) => logSense(0, 0xff, n), lengthMax: two },
  { name: "LOG SENSE, page 2Eh", cdb: (n) => logSense(0x2e, 0, n), lengthMax: two },
  ...["READ KEYS", "READ RESERVATION", "REPORT CAPABILITIES", "READ FULL STATUS"].map(
    (name, action): Asked => ({
      name: `PERSISTENT RESERVE IN, ${name}`,
      cdb: (n) => persistentReserveIn(action, n),
      lengthMax: two,
    }),
  ),
  { ...at("REPORT LUNS", 0xa0, 12, [6, 4]), lengthMin: 16 },
  at("REPORT IDENTIFYING INFORMATION", 0xa3, 12, [6, 4], { 1: 0x05 }),
  at("REPORT TARGET PORT GROUPS", 0xa3, 12, [6, 4], { 1: 0x0a }),
  at("REPORT SUPPORTED OPERATION CODES", 0xa3, 12, [6, 4], { 1: 0x0c }),
  at("REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS", 0xa3, 12, [6, 4], { 1: 0x0d }),
  { ...at("REPORT TIMESTAMP", 0xa3, 12, [6, 4], { 1: 0x0f }), changing: true },
];

/** Of a tape drive with a cartridge (SSC-5). */
const STREAM: readonly Asked[] = [
  at("READ POSITION, extended form", 0x34, 10, [7, 2], { 1: 8 }),
  at("REPORT DENSITY SUPPORT", 0x44, 10, [7, 2]),
  at("REPORT DENSITY SUPPORT, medium", 0x44, 10, [7, 2], { 1: 1 }),
  at("REPORT DENSITY SUPPORT, medium types", 0x44, 10, [7, 2], { 1: 2 }),
  ...[0, 1, 2, 3, 5].map((action): Asked => ({
    name: `READ ATTRIBUTE, service action ${action}`,
    cdb: (n) => readAttribute(action, 0, 0, n),
    lengthMax: two,
  })),
  ...[0x00, 0x01, 0x10, 0x11, 0x12, 0x20, 0x21].map((page) =>
    at(`SECURITY PROTOCOL IN, page ${page.toString(16)}h`, 0xa2, 12, [6, 4], {
      1: 0x20,
      2: be(page, 2),
    }),
  ),
  at("SECURITY PROTOCOL IN, list of protocols", 0xa2, 12, [6, 4]),
  at("READ MEDIA SERIAL NUMBER", 0xab, 12, [6, 4], { 1: 1 }),
];

/** Of a changer (SMC-3). */
const CHANGER: readonly Asked[] = [
  at("READ ELEMENT STATUS", 0xb8, 12, [7, 3], { 4: be(0xffff, 2) }),
  at("READ ELEMENT STATUS with tags and identifiers", 0xb8, 12, [7, 3], {
    1: 0x10,
    4: be(0xffff, 2),
    6: 1,
  }),
];

/** READ ELEMENT STATUS gives whole descriptors only (SMC-3 6.11.1); all others are cut at any byte. */
const isCutAnywhere = (command: Uint8Array) => command[0] !== 0xb8;

const answer = async (device: ScsiDevice, asked: Asked, length: number): Promise<CommandResult> => {
  const result = await device.raw(asked.cdb(length), { dataInLength: asked.lengthMax });
  if (isUnknown(result)) throw new Lack(`no ${asked.name}`);
  return result;
};

const cutEverywhere = async (device: ScsiDevice, asked: Asked): Promise<void> => {
  const whole = await answer(device, asked, asked.lengthMax);
  if (whole.sense?.senseKey === 5) throw new Lack(`${asked.name}: ${describe(whole)}`);
  assert.equal(whole.status, 0, `${asked.name}: ${describe(whole)}`);
  const { length } = whole.data;
  const lengths = [0, 1, 2, 3, 4, 7, 8, 15, 16, length >> 1, length - 1, length, length + 1];
  for (const cut of new Set(
    lengths.filter((each) => each >= (asked.lengthMin ?? 0) && each <= asked.lengthMax),
  )) {
    const result = await answer(device, asked, cut);
    const what = `${asked.name}, allocation length ${cut} of ${length}`;
    assert.equal(result.status, 0, `${what}: ${describe(result)}`);
    const wanted = Math.min(cut, length);
    if (isCutAnywhere(asked.cdb(0))) assert.equal(result.data.length, wanted, what);
    else assert(result.data.length <= wanted, `${what}: ${result.data.length} bytes`);
    if (asked.changing !== true)
      assert(
        result.data.equals(whole.data.subarray(0, result.data.length)),
        `${what}: other bytes`,
      );
  }
};

const checksOf = (
  name: string,
  needs: Precondition,
  asked: readonly Asked[],
  deviceOf: (bench: Parameters<Check["run"]>[0]) => Promise<ScsiDevice>,
): CheckGroup =>
  group(
    name,
    needs,
    asked.map((each) => [
      `${each.name} → cut at the allocation length, its own lengths unchanged`,
      "SPC-5 4.2.5.6",
      async (bench) => cutEverywhere(await deviceOf(bench), each),
    ]),
  );

export const allocationLengths: readonly CheckGroup[] = [
  checksOf("allocation length, drive", "scratch", [...PRIMARY, ...STREAM], (bench) =>
    bench.drive(),
  ),
  checksOf("allocation length, changer", "changer", [...PRIMARY, ...CHANGER], (bench) =>
    bench.changer(),
  ),
];
