/** WRITE(6) (SSC-5 7.14). */
import { expect, test } from "vitest";
import { earlyWarningBytes } from "../capacity/capacity.ts";
import { hex, loadedDrive, pattern } from "../../testing-initiator.ts";
import type { FakeOptions } from "../../testing-medium.ts";

const mebibyte = 1024 * 1024;
const write1MiB = "0a 00 10 00 00 00";

async function fixedDrive(options: FakeOptions = {}) {
  const bench = await loadedDrive(options);
  await bench.host.tell("15 10 00 00 0c 00", Buffer.from("000010080000000000000200", "hex"));
  return bench;
}

test("variable block → GOOD without a promise, the block on the medium, Data-Out released", async () => {
  const { host, medium } = await loadedDrive();
  const completion = host.execute("0a 00 00 00 64 00", pattern(100));
  expect(completion).not.toBeInstanceOf(Promise);
  expect((await completion).status).toBe(0);
  expect(medium.objects.map((object) => (object === "filemark" ? object : hex(object)))).toEqual([
    hex(pattern(100)),
  ]);
  expect(host.dataOutHeld).toBe(0);
});

test("fixed blocks → GOOD, cut at the block length", async () => {
  const { host, medium } = await fixedDrive();
  expect(await host.tell("0a 01 00 00 03 00", pattern(1536))).toBe("GOOD");
  expect(medium.objects.map((object) => object.length)).toEqual([512, 512, 512]);
});

test("transfer length 0 → GOOD, nothing written", async () => {
  const { host, medium } = await loadedDrive();
  expect(await host.tell("0a 00 00 00 00 00")).toBe("GOOD");
  expect(medium.objects).toEqual([]);
});

test("FIXED with block length 0 → INVALID FIELD IN CDB at FIXED", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("0a 01 00 00 01 00", pattern(512))).toBe("invalidFieldInCdb, cdb 1 bit 0");
});

test("block longer than the limit → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("0a 00 80 00 01 00", pattern(1))).toBe("invalidFieldInCdb, cdb 2 bit 7");
});

test("write protected medium → DATA PROTECT, no Data-Out asked for", async () => {
  const { host, medium } = await loadedDrive({ writeProtected: true });
  expect(await host.tell("0a 00 00 00 04 00", pattern(4))).toBe("writeProtected");
  expect(medium.objects).toEqual([]);
});

test("initiator sends less than the CDB says → INVALID FIELD IN CDB, nothing written, Data-Out released", async () => {
  const { host, medium } = await loadedDrive();
  expect(await host.tell("0a 00 00 00 64 00", pattern(50))).toBe("invalidFieldInCdb, cdb 2 bit 7");
  expect(medium.objects).toEqual([]);
  expect(host.dataOutHeld).toBe(0);
});

test.each([
  ["write", "writeError, information 4"],
  ["full", "BUSY"],
] as const)("medium fault %s → %s", async (fault, told) => {
  const { host, medium } = await loadedDrive();
  medium.faults.set("writeBlocks", fault);
  expect(await host.tell("0a 00 00 00 04 00", pattern(4))).toBe(told);
});

test("unbuffered mode → stored before GOOD; a failure to store → WRITE ERROR", async () => {
  const { host, medium } = await loadedDrive();
  expect(await host.tell("15 10 00 00 04 00", Buffer.from("00000000", "hex"))).toBe("GOOD");
  expect(await host.tell("0a 00 00 00 04 00", pattern(4))).toBe("GOOD");
  expect(medium.synchronizedCount).toBe(1);
  medium.faults.set("synchronize", "write");
  expect(await host.tell("0a 00 00 00 04 00", pattern(4))).toBe("writeError, information 4");
});

test("unbuffered mode, no room to store → WRITE ERROR, for the block is written; then BUSY, nothing written", async () => {
  const { host, medium } = await loadedDrive();
  expect(await host.tell("15 10 00 00 04 00", Buffer.from("00000000", "hex"))).toBe("GOOD");
  medium.faults.set("synchronize", "full");
  expect(await host.tell("0a 00 00 00 04 00", pattern(4, 1))).toBe("writeError, information 4");
  medium.faults.set("synchronize", "full");
  expect(await host.tell("0a 00 00 00 04 00", pattern(4, 2))).toBe("BUSY");
  expect(medium.objects).toEqual([pattern(4, 1)]);
  expect(await host.tell("0a 00 00 00 04 00", pattern(4, 2))).toBe("GOOD");
  expect(medium.objects).toEqual([pattern(4, 1), pattern(4, 2)]);
  expect(host.dataOutHeld).toBe(0);
});

test("48 MiB tape filled by 1 MiB blocks → early warnings with the data written, then VOLUME OVERFLOW", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 48 * mebibyte });
  const block = new Uint8Array(mebibyte);
  const told: string[] = [];
  for (let index = 0; index < 50; index++) told.push(await host.tell(write1MiB, block));
  const counts = Object.fromEntries(
    [...new Set(told)].map((each) => [each, told.filter((one) => one === each).length]),
  );
  const written = medium.objects.length;
  const warned = counts["earlyWarning, EOM, information 0"];
  expect(counts["GOOD"]).toBe(35);
  expect(warned).toBe(12);
  expect(counts[`volumeOverflow, EOM, information ${mebibyte}`]).toBe(50 - written);
  expect(written).toBe(47);
});

test("fixed blocks that do not all fit → VOLUME OVERFLOW with the blocks left over, the others written", async () => {
  const { host, medium } = await fixedDrive({ capacityBytes: 2000 });
  expect(await host.tell("0a 01 00 00 05 00", pattern(2560))).toBe(
    "volumeOverflow, EOM, information 2",
  );
  expect(medium.objects.length).toBe(3);
  expect(host.dataOutHeld).toBe(0);
});

test("early warning lies within a quarter of a small tape and 512 MiB of a large one", () => {
  expect(earlyWarningBytes(48 * mebibyte)).toBe(12 * mebibyte);
  expect(earlyWarningBytes(2048 * mebibyte)).toBe(Math.floor((2048 * mebibyte) / 20));
  expect(earlyWarningBytes(100 * 1024 * mebibyte)).toBe(512 * mebibyte);
});

test("DCE cleared → blocks written from then on are marked as not to be compressed", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  const list = Buffer.from(`000010000f0e4080${"00".repeat(12)}`, "hex");
  expect(await host.tell("15 10 00 00 14 00", list)).toBe("GOOD");
  await host.tell("0a 00 00 00 04 00", pattern(4));
  const blocks = medium.objects.filter((object) => object !== "filemark");
  expect(blocks.map((block) => medium.uncompressed.has(block))).toEqual([false, true]);
});
