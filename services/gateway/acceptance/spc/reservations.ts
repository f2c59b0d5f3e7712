/** Persistent reservations with two I_T nexuses: each type beside each kind of command, and what keys do (SPC-5 5.14). */
import assert from "node:assert/strict";
import type { CommandResult, ScsiDevice } from "@reelhouse/testing";
import {
  cdb,
  modeSense10,
  persistentReserveIn,
  persistentReserveOut,
  preventAllow,
} from "../cdb.ts";
import { Lack } from "../lack.ts";
import { checkCondition, conflict, describe, good, isUnknown } from "../expect.ts";
import { type DeviceView, forBoth } from "./devices.ts";

export const actions = {
  register: 0,
  reserve: 1,
  release: 2,
  clear: 3,
  preempt: 4,
  preemptAndAbort: 5,
  registerAndIgnore: 6,
} as const;

const TYPES = [
  { name: "write exclusive", type: 1, writeExclusive: true, registrants: false },
  { name: "exclusive access", type: 3, writeExclusive: false, registrants: false },
  { name: "write exclusive, registrants only", type: 5, writeExclusive: true, registrants: true },
  { name: "exclusive access, registrants only", type: 6, writeExclusive: false, registrants: true },
  { name: "write exclusive, all registrants", type: 7, writeExclusive: true, registrants: true },
  { name: "exclusive access, all registrants", type: 8, writeExclusive: false, registrants: true },
] as const;

/** What a nexus that is not let in may do: always, beside write exclusive only, or never (SPC-5 table 66, SSC-5 table 13). */
type Rule = "always" | "writeExclusive" | "never";

const COMMANDS: Readonly<
  Record<"both" | "drive" | "changer", readonly (readonly [string, Rule, Uint8Array])[]>
> = {
  both: [
    ["TEST UNIT READY", "always", cdb(0x00, 6)],
    ["INQUIRY", "always", cdb(0x12, 6, { 4: 36 })],
    ["REQUEST SENSE", "always", cdb(0x03, 6, { 4: 18 })],
    ["REPORT LUNS", "always", cdb(0xa0, 12, { 9: 16 })],
    ["LOG SENSE", "always", cdb(0x4d, 10, { 2: 0x40, 8: 16 })],
    ["READ KEYS", "always", persistentReserveIn(0, 64)],
    ["ALLOW MEDIUM REMOVAL", "always", preventAllow(0)],
    ["PREVENT MEDIUM REMOVAL", "never", preventAllow(1)],
    ["MODE SENSE(10)", "writeExclusive", modeSense10(0x3f, 0, 0, 64)],
  ],
  drive: [
    ["READ BLOCK LIMITS", "always", cdb(0x05, 6)],
    ["REPORT DENSITY SUPPORT", "always", cdb(0x44, 10, { 8: 64 })],
    ["REWIND", "never", cdb(0x01, 6)],
    ["READ(6)", "never", cdb(0x08, 6)],
    ["WRITE(6)", "never", cdb(0x0a, 6)],
    ["WRITE FILEMARKS(6)", "never", cdb(0x10, 6)],
    ["SPACE(6)", "never", cdb(0x11, 6)],
    ["LOCATE(10)", "never", cdb(0x2b, 10)],
    ["ERASE(6)", "never", cdb(0x19, 6)],
    ["LOAD UNLOAD", "never", cdb(0x1b, 6, { 4: 1 })],
  ],
  changer: [
    ["MOVE MEDIUM", "never", cdb(0xa5, 12)],
    ["EXCHANGE MEDIUM", "never", cdb(0xa6, 12)],
    ["POSITION TO ELEMENT", "never", cdb(0x2b, 10)],
  ],
};

const keyList = (key: number, serviceActionKey = 0): Buffer => {
  const list = Buffer.alloc(24);
  list.writeUInt32BE(key, 4);
  list.writeUInt32BE(serviceActionKey, 12);
  return list;
};

/** PERSISTENT RESERVE OUT as a function of its result. LACK where the target has none. */
export const reserveOut = async (
  device: ScsiDevice,
  action: keyof typeof actions,
  keys: readonly [key: number, serviceActionKey?: number],
  type = 0,
): Promise<CommandResult> => {
  const command = persistentReserveOut(actions[action], type);
  const result = await device.raw(command, { dataOut: keyList(...keys) });
  if (isUnknown(result)) throw new Lack("no PERSISTENT RESERVE OUT");
  return result;
};

const servedBeside =
  (writeExclusive: boolean) =>
  (rule: Rule): boolean =>
    rule === "always" || (rule === "writeExclusive" && writeExclusive);

const isConflict = ({ status }: CommandResult) => status === 0x18;

/** Unit attentions of what was done before come before a conflict: heard first. */
const tryAll = async (
  device: ScsiDevice,
  kind: DeviceView["kind"],
  expected: (rule: Rule) => boolean,
  who: string,
): Promise<void> => {
  for (const [name, rule, command] of [...COMMANDS.both, ...COMMANDS[kind]]) {
    await device.clearUnitAttentions();
    const result = await device.raw(command, { dataInLength: 256 });
    if (isUnknown(result)) continue;
    assert.equal(!isConflict(result), expected(rule), `${name} of ${who}: ${describe(result)}`);
  }
};

const KEY = { holder: 0xa, other: 0xb } as const;

const matrix = TYPES.map(
  ({ name, type, writeExclusive, registrants }) =>
    [
      `${name} → each command served or RESERVATION CONFLICT, by holder, registered and unregistered nexus`,
      "SPC-5 5.14.1",
      async (view: DeviceView) => {
        const admitted = servedBeside(writeExclusive);
        const device = await view.device();
        const other = await view.other();
        good("REGISTER", await reserveOut(device, "register", [0, KEY.holder]));
        good("RESERVE", await reserveOut(device, "reserve", [KEY.holder], type));
        await tryAll(device, view.kind, () => true, "the holder");
        await tryAll(other, view.kind, admitted, "an unregistered nexus");
        good("REGISTER", await reserveOut(other, "register", [0, KEY.other]));
        await tryAll(
          other,
          view.kind,
          (rule) => registrants || admitted(rule),
          "a registered nexus",
        );
        good("RELEASE", await reserveOut(device, "release", [KEY.holder], type));
        await tryAll(other, view.kind, () => true, "a registered nexus after release");
      },
    ] as const,
);

export const reservations = forBoth("reservations", [
  ...matrix,
  [
    "a wrong key, no key → RESERVATION CONFLICT, nothing changed",
    "SPC-5 5.14.7",
    async ({ device, other }) => {
      const [holder, stranger] = [await device(), await other()];
      conflict("RESERVE unregistered", await reserveOut(stranger, "reserve", [0], 3));
      good("REGISTER", await reserveOut(holder, "register", [0, KEY.holder]));
      conflict("REGISTER again", await reserveOut(holder, "register", [0, 0xc]));
      good("RESERVE", await reserveOut(holder, "reserve", [KEY.holder], 3));
      conflict("RELEASE, wrong key", await reserveOut(holder, "release", [0xc], 3));
      conflict("CLEAR unregistered", await reserveOut(stranger, "clear", [0]));
      const release = await reserveOut(holder, "release", [KEY.holder], 1);
      checkCondition("RELEASE, wrong type", release, { key: "ILLEGAL REQUEST", code: 0x2604 });
    },
  ],
  [
    "READ KEYS and READ RESERVATION → the keys, the holder's key, a generation that grows",
    "SPC-5 6.16",
    async ({ device, other }) => {
      const [holder, second] = [await device(), await other()];
      const read = async (action: number) =>
        (
          await holder.good("PERSISTENT RESERVE IN", persistentReserveIn(action), {
            dataInLength: 0x1000,
          })
        ).data;
      const before = (await read(0)).readUInt32BE(0);
      good("REGISTER", await reserveOut(holder, "register", [0, KEY.holder]));
      good("REGISTER", await reserveOut(second, "register", [0, KEY.other]));
      const keys = await read(0);
      assert.equal(keys.readUInt32BE(0), before + 2, "PRGENERATION");
      assert.equal(keys.readUInt32BE(4), 16);
      assert.equal((await read(1)).readUInt32BE(4), 0, "no reservation yet");
      good("RESERVE", await reserveOut(holder, "reserve", [KEY.holder], 3));
      const reservation = await read(1);
      assert.equal(reservation.readUInt32BE(4), 16);
      assert.equal(reservation.readUInt32BE(12), KEY.holder);
      assert.equal(reservation.readUInt8(21) & 0x0f, 3);
      const full = await read(3);
      assert.equal(full.readUInt32BE(4), full.length - 8, "READ FULL STATUS adds up");
      assert.match(
        full.toString("latin1"),
        /conformance-first[\s\S]*conformance-second|conformance-second[\s\S]*conformance-first/,
      );
    },
  ],
  [
    "REGISTER AND IGNORE, RESERVE, PREEMPT AND ABORT by another → the reservation is the other's (LTFS, TSM)",
    "SPC-5 5.14.11",
    async ({ device, other }) => {
      const [first, second] = [await device(), await other()];
      good("REGISTER AND IGNORE", await reserveOut(first, "registerAndIgnore", [0, KEY.holder]));
      good("RESERVE", await reserveOut(first, "reserve", [KEY.holder], 3));
      good("REGISTER AND IGNORE", await reserveOut(second, "registerAndIgnore", [0, KEY.other]));
      good(
        "PREEMPT AND ABORT",
        await reserveOut(second, "preemptAndAbort", [KEY.other, KEY.holder], 3),
      );
      const attention = await first.testUnitReady();
      checkCondition("the preempted one", attention, { key: "UNIT ATTENTION", code: 0x2a05 });
      await first.clearUnitAttentions();
      conflict("MODE SELECT", await first.raw(cdb(0x55, 10, { 1: 0x10 })));
      conflict("RESERVE", await reserveOut(first, "reserve", [KEY.holder], 3));
      good("TEST UNIT READY's device, for the other", await second.raw(cdb(0x1e, 6)));
    },
  ],
  [
    "RESERVE(6) → RESERVATION CONFLICT for another, until RELEASE(6) or the loss of the nexus",
    "SPC-2 7.21",
    async ({ device, other }, bench) => {
      const [holder, second] = [await device(), await other()];
      const reserved = await holder.raw(cdb(0x16, 6));
      if (isUnknown(reserved)) throw new Lack("no RESERVE(6)");
      good("RESERVE(6)", reserved);
      good("INQUIRY", await second.raw(cdb(0x12, 6, { 4: 36 }), { dataInLength: 36 }));
      conflict("MODE SELECT(10)", await second.raw(cdb(0x55, 10, { 1: 0x10 })));
      conflict("RESERVE(6)", await second.raw(cdb(0x16, 6)));
      good("RELEASE(6) of one who holds nothing", await second.raw(cdb(0x17, 6)));
      conflict("MODE SELECT(10) still", await second.raw(cdb(0x55, 10, { 1: 0x10 })));
      good("RELEASE(6)", await holder.raw(cdb(0x17, 6)));
      good("RESERVE(6) of the other", await second.raw(cdb(0x16, 6)));
      await bench.forgetOther();
      await holder.clearUnitAttentions();
      good("RESERVE(6) after its logout", await holder.raw(cdb(0x16, 6)));
    },
  ],
]);
