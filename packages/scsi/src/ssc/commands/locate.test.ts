/** LOCATE(10), LOCATE(16) (SSC-5 7.3, 7.4) and REWIND (7.10). */
import { expect, test } from "vitest";
import { loadedDrive, pattern } from "../../testing-initiator.ts";

async function tape() {
  const bench = await loadedDrive();
  const block = pattern(8);
  bench.medium.objects = [block, "filemark", block, block, "filemark"];
  bench.medium.at = 3;
  return bench;
}

test.each([
  ["object 2", "2b 00 00 00 00 00 02 00 00 00", "GOOD", 2],
  ["BT as st sends it", "2b 04 00 00 00 00 01 00 00 00", "GOOD", 1],
  ["end of data itself", "2b 00 00 00 00 00 05 00 00 00", "GOOD", 5],
  ["beyond end of data", "2b 00 00 00 01 86 a0 00 00 00", "endOfData", 5],
  ["CP with partition 0", "2b 02 00 00 00 00 02 00 00 00", "GOOD", 2],
  ["CP with partition 1", "2b 02 00 00 00 00 02 00 01 00", "invalidFieldInCdb, cdb 8 bit 7", 3],
  ["partition without CP", "2b 00 00 00 00 00 02 00 01 00", "GOOD", 2],
  ["16: object", "92 00 00 00 00 00 00 00 00 00 00 04 00 00 00 00", "GOOD", 4],
  ["16: file 0", "92 08 00 00 00 00 00 00 00 00 00 00 00 00 00 00", "GOOD", 0],
  ["16: file 1", "92 08 00 00 00 00 00 00 00 00 00 01 00 00 00 00", "GOOD", 2],
  ["16: file 3", "92 08 00 00 00 00 00 00 00 00 00 03 00 00 00 00", "endOfData", 5],
  ["16: end of data", "92 18 00 00 00 00 00 00 00 00 00 00 00 00 00 00", "GOOD", 5],
  [
    "16: destination type 2",
    "92 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
    "invalidFieldInCdb, cdb 1 bit 4",
    3,
  ],
  [
    "16: CP with partition 2",
    "92 02 00 02 00 00 00 00 00 00 00 00 00 00 00 00",
    "invalidFieldInCdb, cdb 3 bit 7",
    3,
  ],
  ["rewind", "01 00 00 00 00 00", "GOOD", 0],
  ["rewind IMMED", "01 01 00 00 00 00", "GOOD", 0],
])("%s: %s → %s, position %i", async (_condition, cdb, told, to) => {
  const { host, medium } = await tape();
  expect(await host.tell(cdb)).toBe(told);
  expect(medium.at).toBe(to);
});

test("failed recall → HARDWARE ERROR, TapeAlert 3 raised", async () => {
  const { host, medium } = await tape();
  medium.faults.set("locate", "recall");
  expect(await host.tell("2b 00 00 00 00 00 02 00 00 00")).toBe("internalTargetFailure");
  const page = await host.send("4d 00 6e 00 00 00 00 ff ff 00");
  expect(page.data[4 + 2 * 5 + 4]).toBe(1);
});

test("after a write → stored before it moves", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  expect(await host.tell("01 00 00 00 00 00")).toBe("GOOD");
  expect(medium.synchronizedCount).toBe(1);
});
