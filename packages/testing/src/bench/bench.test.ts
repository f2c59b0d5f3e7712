/** The bench's own parts: its block compresses as it says, its table lines up. */
import { expect, test } from "vitest";
import { zstdCompressSync } from "node:zlib";
import { median } from "./contest.ts";
import { blockName, formatTable, ratio } from "./table.ts";
import { makeBlock } from "./workload.ts";

test.each([4096, 65_536, 1_048_576])(
  "a block of %i bytes → compresses about two to one",
  (length) => {
    const block = makeBlock(length);
    expect(block.length).toBe(length);
    const compressed = zstdCompressSync(block).length;
    expect(length / compressed).toBeGreaterThan(1.8);
    expect(length / compressed).toBeLessThan(2.2);
  },
);

test("a table → columns as wide as they must be", () => {
  expect(
    formatTable(
      ["a", "bb"],
      [
        ["long name", "1"],
        ["x", "1000"],
      ],
    ),
  ).toEqual(["a            bb", "---------  ----", "long name     1", "x          1000"]);
});

test("names and ratios", () => {
  expect([blockName(4096), blockName(1_048_576)]).toEqual(["4 KiB", "1 MiB"]);
  expect([ratio(3, 2), ratio(3, undefined), ratio(3, 0)]).toEqual(["1.50x", "-", "-"]);
});

test("the median → the middle one, however they come", () => {
  expect([median([9, 1, 5]), median([2]), median([])]).toEqual([5, 2, 0]);
});
