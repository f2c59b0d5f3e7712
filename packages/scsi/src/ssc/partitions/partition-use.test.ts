/**
 * Whole sequences of commands, as the programs that use partitions send them: LTFS making, filling and mounting a
 * volume (libltfs tape.c and its sg back end), and Linux st with mt mkpartition, setpartition and partseek.
 */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { type Bench, hex, loadedDrive, pattern } from "../../testing-initiator.ts";

const gigabyte = 1e9;
const capacityBytes = 12_000 * gigabyte;
const load = "1b 00 00 00 01 00";
const readPositionLong = "34 06 00 00 00 00 00 00 00 00";

async function tellAll({ host }: Bench, ...cdbs: readonly string[]): Promise<readonly string[]> {
  const told: string[] = [];
  // One after the other, as they are sent.
  for (const cdb of cdbs) told.push(await host.tell(cdb));
  return told;
}

const good = (count: number) => Array.from<string>({ length: count }).fill("GOOD");

/** MODE SENSE(10) of a page, changed and given back by MODE SELECT(10) with a zeroed data length, as LTFS does it. */
async function changePage({ host }: Bench, page: string, change: (list: Uint8Array) => void) {
  const { data } = await host.send(`5a 00 ${page} 00 00 00 00 40 00`);
  const list = Uint8Array.from(data);
  list.fill(0, 0, 2);
  change(list);
  const length = list.length.toString(16).padStart(4, "0");
  return host.tell(`55 10 00 00 00 00 00 ${length} 00`, list);
}

/** Index in partition 1 of the smallest size, data in partition 0. */
async function ltfsFormat(bench: Bench) {
  expect(await bench.host.tell(load)).toBe("GOOD");
  const told = await changePage(bench, "11 00", (list) => {
    list[19] = 1;
    list[20] = 0x20 | (list[20]! & 0x1f);
    list[22] = 9;
    list.set([0xff, 0xff, 0x00, 0x01], 24);
  });
  expect(told).toBe("GOOD");
  expect(await bench.host.tell("04 00 02 00 00 00")).toBe("GOOD");
}

const locate = (partition: number, object: number) =>
  `92 02 00 0${partition} ${object.toString(16).padStart(16, "0")} 00 00 00 00`;

/** VOL1 label, filemark, LTFS label, filemark; then index and its filemark. */
async function ltfsLabel({ host }: Bench, partition: number) {
  expect(await host.tell(locate(partition, 0))).toBe("GOOD");
  for (const seed of [1, 2]) {
    expect(await host.tell("0a 00 00 00 50 00", pattern(80, seed))).toBe("GOOD");
    expect(await host.tell("10 01 00 00 01 00")).toBe("GOOD");
  }
  expect(await host.tell("0a 00 00 04 00 00", pattern(1024, 3))).toBe("GOOD");
  expect(await host.tell("10 00 00 00 01 00")).toBe("GOOD");
}

test("LTFS: format, label both partitions, append, mount again → as it was written", async () => {
  const bench = await loadedDrive({ capacityBytes });
  const { host, medium } = bench;
  await ltfsFormat(bench);
  expect(medium.capacitiesBytes.length).toBe(2);
  expect(medium.capacitiesBytes[1]).toBeGreaterThanOrEqual(gigabyte);
  for (const partition of [1, 0]) await ltfsLabel(bench, partition);
  // Appending a file to the data partition, and its index after it.
  expect(await tellAll(bench, "92 1a 00 00 0000000000000000 00000000")).toEqual(good(1));
  expect(await host.tell("0a 00 08 00 00 00", pattern(524_288, 4))).toBe("GOOD");
  expect(await host.tell("10 00 00 00 01 00")).toBe("GOOD");
  // Mounting: end of data of each partition, back over the filemark, and the index before it is read with SILI.
  expect(await tellAll(bench, load, "92 1a 00 01 0000000000000000 00000000")).toEqual(good(2));
  const { data } = await host.send(readPositionLong);
  expect([readBe(data, 4, 4), readBe(data, 10, 6), readBe(data, 18, 6)]).toEqual([1, 6, 3]);
  expect(await tellAll(bench, "11 01 ff ff fe 00", "11 01 00 00 01 00")).toEqual(good(2));
  const index = await host.send("08 02 08 00 00 00");
  expect([index.outcome, hex(index.data)]).toEqual(["GOOD", hex(pattern(1024, 3))]);
  expect(await host.tell("08 02 08 00 00 00")).toBe(
    "filemarkDetected, FILEMARK, information 524288",
  );
});

test("LTFS: append-only mode with ALLOW OVERWRITE, and PEWS by mode page 10h/01h", async () => {
  const bench = await loadedDrive({ capacityBytes });
  const { host, drive } = bench;
  await ltfsFormat(bench);
  await ltfsLabel(bench, 0);
  const told = await changePage(bench, "10 01", (list) => {
    list[21] = 0x10;
    list.set([0x02, 0x00], 22);
  });
  expect(told).toBe("GOOD");
  expect(drive.parameters.programmableEarlyWarningSize).toBe(512);
  expect(await host.tell(locate(0, 4))).toBe("GOOD");
  expect(await host.tell("0a 00 00 04 00 00", pattern(1024))).toBe("wormOverwriteAttempted");
  expect(await host.tell("82 00 01 00 0000000000000004 00000000")).toBe("GOOD");
  expect(await host.tell("0a 00 00 04 00 00", pattern(1024))).toBe("GOOD");
});

test("LTFS: unformat → SET CAPACITY of all and one partition again", async () => {
  const bench = await loadedDrive({ capacityBytes });
  await ltfsFormat(bench);
  const told = await tellAll(bench, locate(0, 0), "0b 00 00 ff ff 00", "04 00 00 00 00 00");
  expect(told).toEqual(good(3));
  expect(bench.medium.capacitiesBytes).toEqual([capacityBytes]);
});

/** st's partition_tape with POFM: two sizes, the page cut to them, then FORMAT MEDIUM 1. */
async function mkpartition({ host }: Bench, megabytes: number) {
  expect(await host.tell(load)).toBe("GOOD");
  const { data } = await host.send("1a 08 11 00 ff 00");
  const list = Uint8Array.from(data.subarray(0, 4 + 12));
  list.fill(0, 0, 2);
  list.set([0x0a], 5);
  list[7] = 1;
  list[8] = 0x20 | 0x10 | (list[8]! & 0x07);
  list.set([0, 0], 10);
  list.set([0xff, 0xff, megabytes >> 8, megabytes & 0xff], 12);
  expect(await host.tell(`15 10 00 00 ${list.length.toString(16)} 00`, list)).toBe("GOOD");
  expect(await host.tell("04 00 01 00 00 00")).toBe("GOOD");
}

test("st: mkpartition, setpartition, partseek, mkpartition 0 → each as mt means it", async () => {
  const bench = await loadedDrive({ capacityBytes: 100 * gigabyte });
  const { host, medium } = bench;
  await mkpartition(bench, 10_000);
  const wrap = Math.ceil((100 * gigabyte) / 208);
  expect(medium.capacitiesBytes[1]).toBe(Math.ceil((10 * gigabyte) / wrap) * wrap);
  const page = await host.send("1a 08 11 00 ff 00");
  expect(page.data[4 + 3]).toBe(1);
  // setpartition 1 comes with the next command: LOCATE(10) with CP; partseek 1 2 likewise.
  expect(await host.tell("2b 02 00 00 00 00 00 00 01 00")).toBe("GOOD");
  for (const seed of [1, 2, 3]) await host.tell("0a 00 00 00 04 00", pattern(4, seed));
  expect(await host.tell("2b 02 00 00 00 00 00 00 00 00")).toBe("GOOD");
  expect(await host.tell("2b 02 00 00 00 00 02 00 01 00")).toBe("GOOD");
  const { data } = await host.send("34 00 00 00 00 00 00 00 00 00");
  expect(hex(data.subarray(0, 8))).toBe("0001000000000002");
  expect(hex((await host.send("08 00 00 00 04 00")).data)).toBe(hex(pattern(4, 3)));
  expect(await host.tell("01 00 00 00 00 00")).toBe("GOOD");
  expect([medium.partition, medium.at]).toEqual([1, 0]);
  expect(await tellAll(bench, load, "04 00 00 00 00 00")).toEqual(good(2));
  expect(medium.capacitiesBytes).toEqual([100 * gigabyte]);
});

test.each([
  ["LOCATE(10)", "2b 02 00 00 00 00 00 00 02 00", "cdb 8 bit 7"],
  ["LOCATE(16)", locate(2, 0), "cdb 3 bit 7"],
])("%s into a partition that is none → INVALID FIELD IN CDB", async (_name, cdb, field) => {
  const bench = await loadedDrive({ capacityBytes });
  await ltfsFormat(bench);
  expect(await bench.host.tell(cdb)).toBe(`invalidFieldInCdb, ${field}`);
});

test("LOCATE(16) to a file and to end of data of another partition → there", async () => {
  const bench = await loadedDrive({ capacityBytes });
  await ltfsFormat(bench);
  await ltfsLabel(bench, 1);
  expect(await bench.host.tell("2b 02 00 00 00 00 00 00 00 00")).toBe("GOOD");
  expect(await bench.host.tell("92 0a 00 01 0000000000000001 00000000")).toBe("GOOD");
  expect([bench.medium.partition, bench.medium.at]).toEqual([1, 2]);
  expect(await bench.host.tell("92 0a 00 01 0000000000000009 00000000")).toBe("endOfData");
});
