/** SPACE(6) and SPACE(16): blocks and filemarks both ways, what stops them, and how much is left (SSC-5 6.10, 7.7). */
import assert from "node:assert/strict";
import type { Tape } from "@reelhouse/testing";
import { space16, space6, type SpaceCode } from "../cdb.ts";
import { type Check, group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good, isUnknown, type WantedSense } from "../expect.ts";

/** Three files of three blocks, each with its filemark: objects 0 to 11, end of data at 12. */
const FILES = 3;
const BLOCKS = 3;
const END = FILES * (BLOCKS + 1);

const layOut = async (tape: Tape): Promise<void> => {
  for (let file = 0; file < FILES; file += 1) {
    for (let block = 0; block < BLOCKS; block += 1)
      await tape.write(Buffer.from(`${file}.${block}`));
    await tape.writeFilemarks(1);
  }
};

interface Case {
  readonly from: number;
  readonly code: SpaceCode;
  readonly count: number;
  readonly to: number;
  readonly sense?: WantedSense;
}

const filemark = (information: number): WantedSense => ({
  key: "NO SENSE",
  code: 0x0001,
  filemark: true,
  endOfMedium: false,
  information,
});
const beginning = (information: number): WantedSense => ({
  key: "NO SENSE",
  code: 0x0004,
  filemark: false,
  endOfMedium: true,
  information,
});
const endOfData = (information: number): WantedSense => ({
  key: "BLANK CHECK",
  code: 0x0005,
  filemark: false,
  information,
});

const CASES: readonly Case[] = [
  { from: 0, code: "blocks", count: 0, to: 0 },
  { from: 0, code: "blocks", count: 3, to: 3 },
  { from: 0, code: "blocks", count: 4, to: 4, sense: filemark(1) },
  { from: 1, code: "blocks", count: 100, to: 4, sense: filemark(98) },
  { from: 4, code: "blocks", count: 2, to: 6 },
  { from: 3, code: "blocks", count: -3, to: 0 },
  { from: 2, code: "blocks", count: -3, to: 0, sense: beginning(1) },
  { from: 6, code: "blocks", count: -3, to: 3, sense: filemark(1) },
  { from: 4, code: "blocks", count: -1, to: 3, sense: filemark(1) },
  { from: 12, code: "blocks", count: 1, to: 12, sense: endOfData(1) },
  { from: 0, code: "blocks", count: -1, to: 0, sense: beginning(1) },
  { from: 0, code: "filemarks", count: 1, to: 4 },
  { from: 1, code: "filemarks", count: 3, to: 12 },
  { from: 5, code: "filemarks", count: 0, to: 5 },
  { from: 0, code: "filemarks", count: 5, to: 12, sense: endOfData(2) },
  { from: 12, code: "filemarks", count: -1, to: 11 },
  { from: 12, code: "filemarks", count: -3, to: 3 },
  { from: 7, code: "filemarks", count: -1, to: 3 },
  { from: 12, code: "filemarks", count: -5, to: 0, sense: beginning(2) },
  { from: 2, code: "filemarks", count: -1, to: 0, sense: beginning(1) },
  { from: 0, code: "endOfData", count: 0, to: END },
  { from: END, code: "endOfData", count: 0, to: END },
  { from: 3, code: "endOfData", count: 5, to: END },
];

const titleOf = (form: 6 | 16, { from, code, count, to, sense }: Case) => {
  const outcome =
    sense === undefined ? "GOOD" : `${sense.key} ${sense.code?.toString(16).padStart(4, "0")}h`;
  const left = sense === undefined ? "" : `, ${sense.information} left`;
  return `SPACE(${form}), ${count} ${code} from ${from} → ${outcome}${left}, at ${to}`;
};

const spacing = (form: 6 | 16) => (one: Case) =>
  [
    titleOf(form, one),
    form === 6 ? "SSC-5 6.10" : "SSC-5 7.7",
    async (bench) => {
      const tape = await bench.drive();
      await layOut(tape);
      await tape.locate(one.from);
      const cdb = form === 6 ? space6(one.code, one.count) : space16(one.code, one.count);
      const result = await tape.raw(cdb);
      if (form === 16 && isUnknown(result)) throw new Lack("no SPACE(16)");
      if (one.sense === undefined) good("SPACE", result);
      else checkCondition("SPACE", result, one.sense);
      assert.equal((await tape.readPosition()).objectNumber, one.to, "the position afterwards");
    },
  ] as const satisfies readonly [string, string, Check["run"]];

export const spacingChecks = group("spacing", "scratch", [
  ...CASES.map(spacing(6)),
  ...CASES.map(spacing(16)),
  [
    "a SPACE code that is reserved → ILLEGAL REQUEST, position unchanged",
    "SSC-5 6.10",
    async (bench) => {
      const tape = await bench.drive();
      await layOut(tape);
      await tape.locate(2);
      const result = await tape.raw([0x11, 5, 0, 0, 1, 0]);
      checkCondition("SPACE(6)", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
      assert.equal((await tape.readPosition()).objectNumber, 2);
    },
  ],
]);
