/** Unit attentions: each event told to whom it concerns, once, in the order of SAM-5, and passed by where SPC-5 says (SAM-5 5.14). */
import assert from "node:assert/strict";
import type { ScsiDevice } from "@reelhouse/testing";
import { cdb, loadUnload, modeSelect10, modeSense10, testUnitReady } from "../cdb.ts";
import { type CheckGroup, group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good } from "../expect.ts";
import { forBoth } from "./devices.ts";
import { inWords, supported } from "./operation-codes.ts";
import { reserveOut } from "./reservations.ts";

/** REQUEST SENSE, INQUIRY, REPORT LUNS. */
const PASSED_BY: ReadonlySet<number> = new Set([0x03, 0x12, 0xa0]);

const attention = async (what: string, device: ScsiDevice, code: number): Promise<void> => {
  const result = await device.raw(testUnitReady);
  checkCondition(what, result, { key: "UNIT ATTENTION", code });
};

const quiet = async (what: string, device: ScsiDevice): Promise<void> => {
  const { sense } = await device.raw(testUnitReady);
  assert.notEqual(sense?.senseKey, 6, `${what}: no unit attention`);
};

/** Any of the resets 29/00 to 29/07, and nothing else. */
const reset = async (what: string, device: ScsiDevice): Promise<void> => {
  const result = await device.raw(testUnitReady);
  checkCondition(what, result, { key: "UNIT ATTENTION" });
  assert.equal(result.sense?.additionalSenseCode, 0x29, `${what}: a reset`);
};

/** Turns a bit over that the control mode page, or the tape's 10h, may change; answers how to turn it back. */
const changeMode = async (device: ScsiDevice): Promise<() => Promise<void>> => {
  const sensed = good("MODE SENSE(10)", await device.raw(modeSense10(0x0a), { dataInLength: 256 }));
  const changeable = await device.raw(modeSense10(0x0a, 0, 1), { dataInLength: 256 });
  const before = Buffer.from(sensed.data);
  const page = 8 + before.readUInt16BE(6);
  const mask = changeable.data.subarray(8 + changeable.data.readUInt16BE(6));
  // D_SENSE: harmless, since it is turned back at once.
  if ((mask[2]! & 0x04) === 0) throw new Lack("a control mode page with D_SENSE to change");
  before.writeUInt16BE(0, 0);
  before[page] = before[page]! & 0x7f;
  const after = Buffer.from(before);
  after[page + 2] = after[page + 2]! ^ 0x04;
  const select = async (list: Buffer) => {
    good("MODE SELECT(10)", await device.raw(modeSelect10(list.length), { dataOut: list }));
  };
  await select(after);
  return () => select(before);
};

const ofEveryDevice = forBoth("unit attentions", [
  [
    "MODE SELECT that changes something → 2A/01 to the other initiator only, once",
    "SPC-5 6.15",
    async ({ device, other }) => {
      const [one, two] = [await device(), await other()];
      const back = await changeMode(one);
      await back();
      await quiet("who changed it", one);
      await attention("the other", two, 0x2a01);
      await quiet("the other, again", two);
    },
  ],
  [
    "LOG SELECT that sets counters back → 2A/02 to the other initiator only",
    "SPC-5 6.7",
    async ({ device, other }) => {
      const [one, two] = [await device(), await other()];
      const result = await one.raw(cdb(0x4c, 10, { 1: 0x02, 2: 0x40 }));
      if (result.status !== 0) throw new Lack("LOG SELECT with PCR");
      await quiet("who set them back", one);
      await attention("the other", two, 0x2a02);
    },
  ],
  [
    "LOGICAL UNIT RESET → 29/xx to both initiators, reservations and modes as at power on",
    "SAM-5 6.3.3",
    async ({ device, other }) => {
      const [one, two] = [await device(), await other()];
      good("RESERVE(6)", await one.raw(cdb(0x16, 6)));
      assert.equal(await two.session.manage("logicalUnitReset", { lun: two.lun }), 0);
      await reset("who had it reset", two);
      await reset("the other", one);
      good("RESERVE(6) after it", await two.raw(cdb(0x16, 6)));
    },
  ],
  [
    "INQUIRY, REPORT LUNS, REQUEST SENSE while one is pending → served; REQUEST SENSE tells it",
    "SPC-5 5.14",
    async ({ device, other }) => {
      const [one, two] = [await device(), await other()];
      assert.equal(await two.session.manage("logicalUnitReset", { lun: two.lun }), 0);
      good("INQUIRY", await one.raw(cdb(0x12, 6, { 4: 36 }), { dataInLength: 36 }));
      good("REPORT LUNS", await one.raw(cdb(0xa0, 12, { 9: 16 }), { dataInLength: 16 }));
      const command = cdb(0x03, 6, { 4: 18 });
      const { data } = good("REQUEST SENSE", await one.raw(command, { dataInLength: 18 }));
      assert.equal(data.readUInt8(2) & 0x0f, 6, "sense key of the data");
      assert.equal(data.readUInt8(12), 0x29);
      await quiet("after REQUEST SENSE", one);
    },
  ],
  [
    "each command of the device's own list while one is pending → told, save INQUIRY, REPORT LUNS and REQUEST SENSE",
    "SPC-5 5.14",
    async ({ device, other }) => {
      const [one, two] = [await device(), await other()];
      for (const command of await supported(one)) {
        if (PASSED_BY.has(command.opcode)) continue;
        assert.equal(await two.session.manage("logicalUnitReset", { lun: two.lun }), 0);
        await two.clearUnitAttentions();
        const cdbBytes = new Uint8Array(command.cdbBytes);
        cdbBytes.set([command.opcode, command.serviceAction ?? 0]);
        const result = await one.raw(cdbBytes, { dataInLength: 256 });
        checkCondition(inWords(command), result, { key: "UNIT ATTENTION" });
        await one.clearUnitAttentions();
      }
    },
  ],
  [
    "an initiator that logs in anew → 29/xx",
    "SAM-5 5.14",
    async ({ other }, bench) => {
      await other();
      await bench.forgetOther();
      const again = await other();
      await quiet("heard when its session began", again);
    },
  ],
  [
    "PREEMPT → 2A/05 to whose registration is gone; CLEAR → 2A/03; RELEASE of a shared type → 2A/04",
    "SPC-5 5.14.11",
    async ({ device, other }) => {
      const [one, two] = [await device(), await other()];
      good("REGISTER", await reserveOut(one, "register", [0, 1]));
      good("REGISTER", await reserveOut(two, "register", [0, 2]));
      good("RESERVE", await reserveOut(one, "reserve", [1], 5));
      good("RELEASE", await reserveOut(one, "release", [1], 5));
      await attention("registered, after RELEASE", two, 0x2a04);
      good("CLEAR", await reserveOut(one, "clear", [1]));
      await attention("registered, after CLEAR", two, 0x2a03);
      good("REGISTER", await reserveOut(one, "register", [0, 1]));
      good("REGISTER", await reserveOut(two, "register", [0, 2]));
      good("PREEMPT", await reserveOut(one, "preempt", [1, 2], 5));
      await attention("preempted", two, 0x2a05);
      await quiet("who preempted", one);
    },
  ],
]);

const ofDrive = group("unit attentions, cartridge", "scratch", [
  [
    "a load by LOAD UNLOAD → 28/00 to the other initiator, once",
    "SSC-5 4.2.19",
    async (bench) => {
      const [one, two] = [await bench.drive(), await bench.otherDrive()];
      good("LOAD UNLOAD, unload", await one.raw(loadUnload(false)));
      checkCondition("not ready", await two.raw(testUnitReady), { key: "NOT READY" });
      good("LOAD UNLOAD, load", await one.raw(loadUnload(true)));
      await attention("the other", two, 0x2800);
      good("then ready", await two.raw(testUnitReady));
      await one.clearUnitAttentions();
    },
  ],
  [
    "a load by the changer → ready for both after 28/00",
    "SSC-5 4.2.19",
    async (bench) => {
      if (bench.options.changerTarget === undefined) throw new Lack("no changer was named");
      const [one, two] = [await bench.drive(), await bench.otherDrive()];
      const address = await bench.driveElement();
      const changer = await bench.changer();
      const barcode = (await changer.elements()).find((each) => each.address === address)?.barcode;
      assert(barcode !== undefined, "the cartridge in the drive has a barcode");
      await bench.emptyDrive();
      checkCondition("empty", await two.raw(testUnitReady), { key: "NOT READY", code: 0x3a00 });
      await changer.load(barcode, address);
      for (const device of [one, two]) {
        await attention("after the move", device, 0x2800);
        good("then ready", await device.raw(testUnitReady));
      }
    },
  ],
]);

export const unitAttentions: readonly CheckGroup[] = [...ofEveryDevice, ofDrive];
