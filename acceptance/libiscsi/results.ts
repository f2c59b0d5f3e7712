/** What each test of iscsi-test-cu is to say of each device: the table in COVERAGE.md, which a run is held to. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const COVERAGE = join(import.meta.dirname, "../COVERAGE.md");

const outcomes = ["pass", "pass as a disk", "skip", "no"] as const;
export type Outcome = (typeof outcomes)[number];

export interface Expected {
  /** `<suite>.<test>`, as the program names it within a family. */
  readonly test: string;
  readonly outcome: Outcome;
  /** A word of the table of reasons; empty with what passes. */
  readonly reason: string;
}

export const devices = ["disk", "changer", "drive"] as const;
export type DeviceName = (typeof devices)[number];

/** The cells of the table with that mark, without head and rule. */
function tableOf(mark: string): readonly (readonly string[])[] {
  const text = readFileSync(COVERAGE, "utf8");
  const [, body = ""] = text.split(`<!-- table: ${mark} -->`);
  const [table = ""] = body.split("<!-- end -->");
  return table
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
}

function expectedOf(test: string, cell: string): Expected {
  const [word = "", reason = ""] = cell.split(": ");
  const outcome = outcomes.find((each) => each === word);
  if (outcome === undefined) throw new Error(`COVERAGE.md, ${test}: "${cell}" is no outcome`);
  return { test, outcome, reason };
}

export const expectedOn = (device: DeviceName): readonly Expected[] =>
  tableOf("iscsi-test-cu").map(([test = "", ...cells]) =>
    expectedOf(test, cells[devices.indexOf(device)] ?? ""),
  );

/** The reasons by their words. */
export const reasons = (): ReadonlyMap<string, string> =>
  new Map(tableOf("iscsi-test-cu, reasons").map(([word = "", why = ""]) => [word, why]));

/** How many of its tests pass, skip themselves, and are not run on the device, as the table of counts says. */
export function countsOn(device: DeviceName): readonly number[] {
  const row = tableOf("iscsi-test-cu, counts").find(([name]) => name === device) ?? [];
  return row.slice(1).map(Number);
}
