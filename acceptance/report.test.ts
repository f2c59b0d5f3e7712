/** The lines by which a run is judged: what counts, what does not, and the table at the end. */
import { expect, test, vi } from "vitest";
import { createPart, tableOf } from "./report.ts";

test("PASS, FAIL and LACK lines → counted, each by its own; other lines → not", () => {
  const shown = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const part = createPart("a script");
  const lines = [
    "PASS one",
    "FAIL two: why",
    "LACK id: three",
    "    PASS indented",
    "PASSED four",
    "",
  ];
  expect(lines.map((line) => part.readLine(line))).toEqual([true, true, true, false, false, false]);
  expect(part.result).toMatchObject({ passed: 1, failed: 1, lacking: 1 });
  expect(shown.mock.calls.map(([line]) => line)).toContain("FAIL a script: two: why\n");
  shown.mockRestore();
});

test("results → a line each, with the reason of one that did not run", () => {
  const result = {
    name: "guest",
    passed: 12,
    failed: 0,
    lacking: 3,
    skipped: 7,
    seconds: 61.4,
    note: undefined,
  };
  const away = { ...result, name: "compose", passed: 0, note: "not run: no Docker" };
  const [, first, second] = tableOf([result, away]);
  expect(first?.split(/ +/)).toEqual(["guest", "12", "0", "3", "7", "61"]);
  expect(second).toMatch(/not run: no Docker$/);
});
