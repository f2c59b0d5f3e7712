/** MOVE MEDIUM, EXCHANGE MEDIUM and POSITION TO ELEMENT: what they do, and the sense of what they do not (SMC-3 6.6, 6.4, 6.9). */
import assert from "node:assert/strict";
import type { Changer, ChangerElement } from "@reelhouse/testing";
import type { Bench } from "../bench.ts";
import { be, cdb, exchangeMedium, moveMedium } from "../cdb.ts";
import { group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good } from "../expect.ts";

const illegal = (code: number) => ({ key: "ILLEGAL REQUEST", code }) as const;

/** Elements of the kinds a check of moves needs. LACK when the library has too few. */
export const layout = async (changer: Changer) => {
  const elements = await changer.elements();
  const pick = (type: ChangerElement["type"], full: boolean, count: number) => {
    const found = elements.filter((each) => each.type === type && each.full === full);
    if (found.length < count)
      throw new Lack(`${count} ${full ? "full" : "empty"} ${type} elements`);
    return found.map(({ address }) => address);
  };
  return { elements, pick };
};

const barcodesAt = async (changer: Changer, addresses: readonly number[]) => {
  const elements = await changer.elements();
  return addresses.map((address) => elements.find((each) => each.address === address)?.barcode);
};

const position = (address: number) => cdb(0x2b, 10, { 4: be(address, 2) });

const nowhere = 0xfff0;

/** A refused command, and that no cartridge lies elsewhere after it. */
const refused = async (bench: Bench, command: Uint8Array, code: number): Promise<void> => {
  const changer = await bench.changer();
  const before = await changer.elements();
  checkCondition("the command", await changer.raw(command), illegal(code));
  assert.deepEqual(await changer.elements(), before, "nothing moved");
};

export const moving = group("moving", "changer", [
  [
    "slot to slot and back → the barcode moves, the source is empty",
    "SMC-3 6.6",
    async (bench) => {
      const changer = await bench.changer();
      const { pick } = await layout(changer);
      const [from, to] = [pick("storage", true, 1)[0]!, pick("storage", false, 1)[0]!];
      const [barcode] = await barcodesAt(changer, [from]);
      good("MOVE MEDIUM", await changer.raw(moveMedium(from, to)));
      assert.deepEqual(await barcodesAt(changer, [from, to]), [undefined, barcode]);
      good("MOVE MEDIUM", await changer.raw(moveMedium(to, from)));
      assert.deepEqual(await barcodesAt(changer, [from, to]), [barcode, undefined]);
    },
  ],
  [
    "slot to drive → GOOD when the drive will answer; the element tells where it came from",
    "SMC-3 6.6",
    async (bench) => {
      const changer = await bench.changer();
      const { pick } = await layout(changer);
      const [from, drive] = [pick("storage", true, 1)[0]!, await bench.driveElement()];
      good("MOVE MEDIUM", await changer.raw(moveMedium(from, drive)));
      const tape = await bench.drive();
      const attention = await tape.testUnitReady();
      checkCondition("TEST UNIT READY", attention, { key: "UNIT ATTENTION", code: 0x2800 });
      good("TEST UNIT READY", await tape.testUnitReady());
      const inDrive = (await changer.elements()).find(({ address }) => address === drive);
      assert.equal(inDrive?.sourceAddress, from);
      await bench.emptyDrive();
    },
  ],
  [
    "a cartridge moved to where it is → GOOD, or refused as a full destination; it stays",
    "SMC-3 6.6",
    async (bench) => {
      const changer = await bench.changer();
      const from = (await layout(changer)).pick("storage", true, 1)[0]!;
      const before = await barcodesAt(changer, [from]);
      const result = await changer.raw(moveMedium(from, from));
      if (result.status !== 0) checkCondition("MOVE MEDIUM", result, illegal(0x3b0d));
      assert.deepEqual(await barcodesAt(changer, [from]), before);
    },
  ],
  [
    "an empty source → 3B/0E",
    "SMC-3 6.6",
    async (bench) => {
      const { pick } = await layout(await bench.changer());
      const [from, to] = pick("storage", false, 2);
      await refused(bench, moveMedium(from!, to!), 0x3b0e);
    },
  ],
  [
    "a full destination → 3B/0D",
    "SMC-3 6.6",
    async (bench) => {
      const { pick } = await layout(await bench.changer());
      const [from, to] = pick("storage", true, 2);
      await refused(bench, moveMedium(from!, to!), 0x3b0d);
    },
  ],
  [
    "a source that is no element → 21/01",
    "SMC-3 6.6",
    async (bench) => {
      const { pick } = await layout(await bench.changer());
      await refused(bench, moveMedium(nowhere, pick("storage", false, 1)[0]!), 0x2101);
    },
  ],
  [
    "a destination that is no element → 21/01",
    "SMC-3 6.6",
    async (bench) => {
      const { pick } = await layout(await bench.changer());
      await refused(bench, moveMedium(pick("storage", true, 1)[0]!, nowhere), 0x2101);
    },
  ],
  [
    "a transport that is no element → 21/01",
    "SMC-3 6.6",
    async (bench) => {
      const { pick } = await layout(await bench.changer());
      const [from, to] = [pick("storage", true, 1)[0]!, pick("storage", false, 1)[0]!];
      await refused(bench, moveMedium(from, to, nowhere), 0x2101);
    },
  ],
  [
    "INVERT → ILLEGAL REQUEST, invalid field in CDB",
    "SMC-3 6.6",
    async (bench) => {
      const { pick } = await layout(await bench.changer());
      const command = moveMedium(pick("storage", true, 1)[0]!, pick("storage", false, 1)[0]!);
      command[10] = 1;
      await refused(bench, command, 0x2400);
    },
  ],
  [
    "EXCHANGE of two slots → they change places, and back",
    "SMC-3 6.4",
    async (bench) => {
      const changer = await bench.changer();
      const [one = 0, two = 0] = (await layout(changer)).pick("storage", true, 2);
      const before = await barcodesAt(changer, [one, two]);
      good("EXCHANGE MEDIUM", await changer.raw(exchangeMedium(one, two, one)));
      assert.deepEqual(await barcodesAt(changer, [one, two]), before.toReversed());
      good("EXCHANGE MEDIUM", await changer.raw(exchangeMedium(one, two, one)));
      assert.deepEqual(await barcodesAt(changer, [one, two]), before);
    },
  ],
  [
    "EXCHANGE with three elements → the first goes to the second, what lay there to the third",
    "SMC-3 6.4",
    async (bench) => {
      const changer = await bench.changer();
      const { pick } = await layout(changer);
      const [one = 0, two = 0] = pick("storage", true, 2);
      const free = pick("storage", false, 1)[0]!;
      const [first, second] = await barcodesAt(changer, [one, two]);
      good("EXCHANGE MEDIUM", await changer.raw(exchangeMedium(one, two, free)));
      assert.deepEqual(await barcodesAt(changer, [one, two, free]), [undefined, first, second]);
      good("MOVE MEDIUM", await changer.raw(moveMedium(two, one)));
      good("MOVE MEDIUM", await changer.raw(moveMedium(free, two)));
      assert.deepEqual(await barcodesAt(changer, [one, two]), [first, second]);
    },
  ],
  [
    "EXCHANGE from an empty element → 3B/0E; with an element that is none → 21/01",
    "SMC-3 6.4",
    async (bench) => {
      const { pick } = await layout(await bench.changer());
      const [full, empty] = [pick("storage", true, 1)[0]!, pick("storage", false, 1)[0]!];
      await refused(bench, exchangeMedium(empty, full, empty), 0x3b0e);
      await refused(bench, exchangeMedium(full, nowhere, full), 0x2101);
    },
  ],
  [
    "POSITION TO ELEMENT → GOOD for an element, 21/01 for none",
    "SMC-3 6.9",
    async (bench) => {
      const changer = await bench.changer();
      const { pick } = await layout(changer);
      good("POSITION TO ELEMENT", await changer.raw(position(pick("storage", true, 1)[0]!)));
      await refused(bench, position(nowhere), 0x2101);
    },
  ],
]);
