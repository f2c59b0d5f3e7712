/** SPACE(6) and SPACE(16) (SSC-5 7.11). */
import { expect, test } from "vitest";
import { loadedDrive, pattern } from "../../testing-initiator.ts";

/** Two files of two blocks, each closed by a filemark: b b F b b F. */
async function twoFiles(at: number) {
  const bench = await loadedDrive();
  const block = pattern(8);
  bench.medium.objects = [block, block, "filemark", block, block, "filemark"];
  bench.medium.at = at;
  return bench;
}

test.each([
  ["blocks forward", 0, "11 00 00 00 02 00", "GOOD", 2],
  ["blocks backward", 2, "11 00 ff ff fe 00", "GOOD", 0],
  [
    "blocks onto a filemark",
    0,
    "11 00 00 00 05 00",
    "filemarkDetected, FILEMARK, information 3",
    3,
  ],
  [
    "blocks back onto a filemark",
    5,
    "11 00 ff ff fb 00",
    "filemarkDetected, FILEMARK, information 3",
    2,
  ],
  ["blocks to end of data", 6, "11 00 00 00 01 00", "endOfData, information 1", 6],
  [
    "blocks to the beginning",
    1,
    "11 00 ff ff fd 00",
    "beginningOfPartition, EOM, information 2",
    0,
  ],
  ["filemarks forward", 0, "11 01 00 00 02 00", "GOOD", 6],
  ["filemarks backward", 6, "11 01 ff ff fe 00", "GOOD", 2],
  [
    "filemarks to end of data, as mt eod asks",
    0,
    "11 01 7f ff ff 00",
    "endOfData, information 8388605",
    6,
  ],
  [
    "filemarks to the beginning",
    4,
    "11 01 ff ff fd 00",
    "beginningOfPartition, EOM, information 2",
    0,
  ],
  ["end of data", 1, "11 03 00 00 00 00", "GOOD", 6],
  ["count 0", 3, "11 00 00 00 00 00", "GOOD", 3],
  ["setmarks", 0, "11 04 00 00 01 00", "invalidFieldInCdb, cdb 1 bit 3", 0],
  ["16: blocks forward", 0, "91 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00", "GOOD", 2],
  ["16: filemarks backward", 6, "91 01 00 00 ff ff ff ff ff ff ff ff 00 00 00 00", "GOOD", 5],
  [
    "16: with a parameter list",
    0,
    "91 00 00 00 00 00 00 00 00 00 00 02 00 08 00 00",
    "invalidFieldInCdb, cdb 12 bit 7",
    0,
  ],
])("%s from %i: %s → %s, position %i", async (_condition, from, cdb, told, to) => {
  const { host, medium } = await twoFiles(from);
  expect(await host.tell(cdb)).toBe(told);
  expect(medium.at).toBe(to);
});

test("after a write → stored first; a failure is told and nothing moves", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await host.tell("11 01 ff ff ff 00")).toBe("writeError");
  expect(medium.at).toBe(1);
});

test.each([
  ["spaceBlocks", "11 00 00 00 01 00"],
  ["spaceFilemarks", "11 01 00 00 01 00"],
  ["spaceEndOfData", "11 03 00 00 00 00"],
])("fault of %s → UNRECOVERED READ ERROR", async (method, cdb) => {
  const { host, medium } = await twoFiles(0);
  medium.faults.set(method, "read");
  expect(await host.tell(cdb)).toBe("unrecoveredReadError");
});

/** b F b F F b F F F */
async function filemarksInRows(at: number) {
  const bench = await loadedDrive();
  const [b, f] = [pattern(8), "filemark"] as const;
  bench.medium.objects = [b, f, b, f, f, b, f, f, f];
  bench.medium.at = at;
  return bench;
}

test.each([
  ["two from the beginning", 0, "11 02 00 00 02 00", "GOOD", 5],
  ["three from the beginning", 0, "11 02 00 00 03 00", "GOOD", 9],
  ["one between a filemark and a block", 2, "11 02 00 00 01 00", "GOOD", 4],
  ["the second of two: not two any more", 4, "11 02 00 00 02 00", "GOOD", 8],
  ["four", 0, "11 02 00 00 04 00", "endOfData", 9],
  ["three back", 9, "11 02 ff ff fd 00", "GOOD", 6],
  ["two back from the end", 9, "11 02 ff ff fe 00", "GOOD", 7],
  ["two back over a single one", 3, "11 02 ff ff fe 00", "beginningOfPartition, EOM", 0],
  ["none", 3, "11 02 00 00 00 00", "GOOD", 3],
  ["16: two", 0, "91 02 00 00 00 00 00 00 00 00 00 02 00 00 00 00", "GOOD", 5],
])(
  "sequential filemarks, %s, from %i: %s → %s, position %i",
  async (_what, from, cdb, told, to) => {
    const { host, medium } = await filemarksInRows(from);
    expect(await host.tell(cdb)).toBe(told);
    expect(medium.at).toBe(to);
  },
);
