/** The table of iscsi-test-cu in COVERAGE.md, and how its output is read. */
import { expect, test } from "vitest";
import { countsOn, devices, expectedOn, reasons } from "./results.ts";
import { verdictOf } from "./test-cu.ts";

test.each(devices)("every test on the %s → passes, or has a reason of the table", (device) => {
  const why = reasons();
  const rows = expectedOn(device);
  expect(rows.length).toBeGreaterThan(200);
  for (const { test: name, outcome, reason } of rows) {
    const wantsReason = !outcome.startsWith("pass");
    expect([name, wantsReason, why.has(reason)]).toEqual([name, wantsReason, wantsReason]);
  }
});

test.each(devices)("the counts of the %s → what its column adds up to", (device) => {
  const outcomesHere = expectedOn(device).map(({ outcome }) => outcome);
  const count = (word: string) => outcomesHere.filter((each) => each.startsWith(word)).length;
  expect(countsOn(device)).toEqual([count("pass"), count("skip"), count("no")]);
});

test("the table → every test once, every reason used", () => {
  const names = expectedOn("disk").map((row) => row.test);
  expect(new Set(names).size).toBe(names.length);
  const used = new Set(devices.flatMap((device) => expectedOn(device).map((row) => row.reason)));
  used.delete("");
  expect([...reasons().keys()].sort()).toEqual([...used].sort());
});

const banner = "    CUnit - A unit testing framework for C\n";

test.each([
  [0, `${banner}Run Summary`, "pass"],
  [0, `${banner}    [SKIPPED] Not SBC device. Skipping test`, "skip"],
  [0, `    [SKIPPED] READCAPACITY16 is not implemented\n${banner}`, "pass"],
  [1, `${banner}    1. test_x.c:3 - CU_ASSERT_EQUAL(ret,0)`, "fail"],
  [-1, "", "fail"],
])("exit %d, %j → %s", (code, output, outcome) => {
  expect(verdictOf({ code, output }).outcome).toBe(outcome);
});
