/** PREVENT ALLOW MEDIUM REMOVAL of drive and changer, import/export elements and their doors (SPC-5 6.19, SMC-3 6.8). */
import assert from "node:assert/strict";
import type { Bench } from "../bench.ts";
import { be, cdb, loadUnload, moveMedium, preventAllow } from "../cdb.ts";
import { group } from "../check.ts";
import { checkCondition, good } from "../expect.ts";
import { layout } from "./moving.ts";

const openDoor = 0x00;
const closeDoor = 0x01;
const door = (address: number, action: number) => cdb(0x1b, 6, { 2: be(address, 2), 4: action });

/** A cartridge in the drive and the drive ready; where it came from. */
const inserted = async (bench: Bench) => {
  const changer = await bench.changer();
  const { pick } = await layout(changer);
  const [slot, drive] = [pick("storage", true, 1)[0]!, await bench.driveElement()];
  good("MOVE MEDIUM", await changer.raw(moveMedium(slot, drive)));
  const tape = await bench.drive();
  await tape.waitUntilReady(30_000);
  return { changer, tape, slot, drive };
};

export const prevention = group("prevention and import/export", "changer", [
  [
    "a drive that prevents removal → unload refused 53/02, the changer's move refused, both work after ALLOW",
    "SPC-5 6.19",
    async (bench) => {
      const { changer, tape, slot, drive } = await inserted(bench);
      good("PREVENT", await tape.raw(preventAllow(1)));
      const unload = await tape.raw(loadUnload(false));
      checkCondition("LOAD UNLOAD", unload, { key: "ILLEGAL REQUEST", code: 0x5302 });
      const move = await changer.raw(moveMedium(drive, slot));
      checkCondition("MOVE MEDIUM", move, { key: "ILLEGAL REQUEST" });
      assert(
        [0x3b, 0x53].includes(move.sense?.additionalSenseCode ?? 0),
        "why it does not come out",
      );
      good("ALLOW", await tape.raw(preventAllow(0)));
      good("LOAD UNLOAD", await tape.raw(loadUnload(false)));
      good("MOVE MEDIUM", await changer.raw(moveMedium(drive, slot)));
    },
  ],
  [
    "prevention of another initiator → holds until that one allows, or is gone",
    "SPC-5 6.19",
    async (bench) => {
      const { changer, tape, slot, drive } = await inserted(bench);
      const other = await bench.otherDrive();
      await other.clearUnitAttentions();
      good("PREVENT", await other.raw(preventAllow(1)));
      good("ALLOW by one who did not prevent", await tape.raw(preventAllow(0)));
      const unload = await tape.raw(loadUnload(false));
      checkCondition("LOAD UNLOAD", unload, { key: "ILLEGAL REQUEST", code: 0x5302 });
      await bench.forgetOther();
      await tape.clearUnitAttentions();
      good("LOAD UNLOAD", await tape.raw(loadUnload(false)));
      good("MOVE MEDIUM", await changer.raw(moveMedium(drive, slot)));
    },
  ],
  [
    "a cartridge to an import/export element and back → there with its barcode",
    "SMC-3 6.6",
    async (bench) => {
      const changer = await bench.changer();
      const { pick } = await layout(changer);
      const [slot, mailslot] = [pick("storage", true, 1)[0]!, pick("importExport", false, 1)[0]!];
      const barcode = (await changer.elements()).find(({ address }) => address === slot)?.barcode;
      good("MOVE MEDIUM", await changer.raw(moveMedium(slot, mailslot)));
      const there = (await changer.elements()).find(({ address }) => address === mailslot);
      assert.equal(there?.barcode, barcode);
      assert(there?.full);
      good("MOVE MEDIUM", await changer.raw(moveMedium(mailslot, slot)));
    },
  ],
  [
    "an import/export element that is open → not reached by the changer; closed → 28/01 to the others",
    "SMC-3 6.7",
    async (bench) => {
      const changer = await bench.changer();
      const { pick } = await layout(changer);
      const [slot, mailslot] = [pick("storage", true, 1)[0]!, pick("importExport", false, 1)[0]!];
      const other = await bench.otherChanger();
      good("OPEN IMPORT/EXPORT ELEMENT", await changer.raw(door(mailslot, openDoor)));
      const move = await changer.raw(moveMedium(slot, mailslot));
      checkCondition("MOVE MEDIUM", move, { key: "ILLEGAL REQUEST", code: 0x3b11 });
      good("CLOSE IMPORT/EXPORT ELEMENT", await changer.raw(door(mailslot, closeDoor)));
      const attention = await other.testUnitReady();
      checkCondition("the other", attention, { key: "UNIT ATTENTION", code: 0x2801 });
    },
  ],
  [
    "OPEN IMPORT/EXPORT ELEMENT while the changer prevents removal → 53/02",
    "SMC-3 6.7",
    async (bench) => {
      const changer = await bench.changer();
      const mailslot = (await layout(changer)).pick("importExport", false, 1)[0]!;
      good("PREVENT", await changer.raw(preventAllow(1)));
      const result = await changer.raw(door(mailslot, openDoor));
      checkCondition("OPEN", result, { key: "ILLEGAL REQUEST", code: 0x5302 });
      good("ALLOW", await changer.raw(preventAllow(0)));
    },
  ],
]);
