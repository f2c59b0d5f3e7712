/** FORMAT MEDIUM (SSC-5 7.1) with the Medium Partition mode page (8.4.6), as st and LTFS use them. */
import { expect, test } from "vitest";
import { type Bench, hex, loadedDrive, pattern } from "../../testing-initiator.ts";
import type { WriteResult } from "../medium.ts";

const gigabyte = 1e9;
const total = 1000 * gigabyte;

/** MODE SELECT(6) of page 11h: flags, additional partitions, units, sizes. */
async function select(
  bench: Bench,
  additional: number,
  flags: string,
  units: number,
  sizes: string,
) {
  const page = `110e03${additional.toString(16).padStart(2, "0")}${flags}03${units.toString(16).padStart(2, "0")}00${sizes.padEnd(16, "0")}`;
  const list = Buffer.from(`00001000${page}`, "hex");
  return bench.host.tell(`15 10 00 00 ${list.length.toString(16)} 00`, list);
}

const partitioned = async (...args: [number, string, number, string]) => {
  const bench = await loadedDrive({ capacityBytes: total });
  return { bench, told: await select(bench, ...args) };
};

/** A wrap is a 208th of the cartridge. */
const wrap = Math.ceil(total / 208);

test.each([
  ["IDP, the rest and 100 GB", 1, "3c", 9, "ffff0064", [total - 21 * wrap, 21 * wrap]],
  ["IDP, 1 GB: rounded up to two wraps", 1, "3c", 9, "ffff0001", [total - 2 * wrap, 2 * wrap]],
  ["IDP, the index first", 1, "3c", 9, "0001ffff", [2 * wrap, total - 2 * wrap]],
  ["IDP in MB", 1, "34", 0, "ffff2710", [total - 3 * wrap, 3 * wrap]],
  ["SDP, four", 3, "5c", 9, "", [total / 4, total / 4, total / 4, total / 4]],
  ["FDP", 1, "9c", 9, "", [total - 2 * wrap, 2 * wrap]],
])(
  "%s → MODE SELECT changes nothing yet, FORMAT 1 makes them",
  async (_way, additional, flags, units, sizes, capacities) => {
    const { bench, told } = await partitioned(additional, flags, units, sizes);
    expect(told).toBe("GOOD");
    expect(bench.medium.capacitiesBytes).toEqual([total]);
    expect(await bench.host.tell("04 00 01 00 00 00")).toBe("GOOD");
    expect(bench.medium.capacitiesBytes).toEqual(capacities);
    expect(capacities.reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
  },
);

test.each([
  ["LTO-5, 80 wraps", "ULT3580-TD5", "RHS001L5", 80],
  ["LTO-6, 136", "ULT3580-TD6", "RHS001L6", 136],
  ["LTO-7, 112", "ULT3580-TD7", "RHS001L7", 112],
  ["LTO-7 in format M8, 168", "ULT3580-TD8", "RHS001M8", 168],
  ["LTO-9, 280", "ULT3580-TD9", "RHS001L9", 280],
  ["LTO-10, 472", "ULT3580-TDA", "RHS001LA", 472],
])("%s → the smallest partition is two of them", async (_format, product, barcode, wraps) => {
  const bench = await loadedDrive({ capacityBytes: total, barcode }, { vendor: "IBM", product });
  expect(await select(bench, 1, "9c", 9, "")).toBe("GOOD");
  expect(await bench.host.tell("04 00 01 00 00 00")).toBe("GOOD");
  const least = 2 * Math.ceil(total / wraps);
  expect(bench.medium.capacitiesBytes).toEqual([total - least, least]);
});

test("1 GB and the rest of a cartridge of 1 GB → the least it can give, as 1 GB is of a full one", async () => {
  const bench = await loadedDrive({ capacityBytes: gigabyte });
  expect(await select(bench, 1, "3c", 9, "0001ffff")).toBe("GOOD");
  expect(await bench.host.tell("04 00 01 00 00 00")).toBe("GOOD");
  const least = 32 * 1024 * 1024;
  expect(bench.medium.capacitiesBytes).toEqual([least, gigabyte - least]);
});

test.each([
  ["too many partitions", 4, "3c", 9, "ffff0001", 7],
  ["two of FDP, SDP and IDP", 1, "bc", 9, "ffff0001", 8],
  ["POFM clear", 1, "38", 9, "ffff0001", 8],
  ["CLEAR", 1, "3e", 9, "ffff0001", 8],
  ["a partitioning type that is none", 1, "3c", 0x29, "ffff0001", 10],
  ["sizes over the capacity", 1, "3c", 9, "ffff03e8", 12],
  ["the rest twice", 1, "3c", 9, "ffffffff", 12],
])(
  "page with %s → INVALID FIELD IN PARAMETER LIST there",
  async (_fault, additional, flags, units, sizes, byte) => {
    const { told } = await partitioned(additional, flags, units, sizes);
    expect(told.startsWith(`invalidFieldInParameterList, data ${byte}`)).toBe(true);
  },
);

test("what MODE SENSE of a partitioned medium gives → taken back", async () => {
  const { bench } = await partitioned(1, "3c", 9, "ffff0064");
  await bench.host.tell("04 00 01 00 00 00");
  const { data } = await bench.host.send("1a 08 11 00 ff 00");
  expect(hex(data.subarray(4))).toBe("110e03013c0309000383006400000000");
  const list = Uint8Array.from(data);
  list[0] = 0;
  expect(await bench.host.tell(`15 10 00 00 ${list.length.toString(16)} 00`, list)).toBe("GOOD");
});

test("FORMAT 0 → one partition of the whole medium, the data gone, others told", async () => {
  const { host, other, medium } = await loadedDrive({ capacityBytes: total });
  await medium.format([total / 2, total / 2]);
  medium.objects = [pattern(4)];
  expect(await host.tell("04 00 00 00 00 00")).toBe("GOOD");
  expect([medium.capacitiesBytes, medium.partitionObjects]).toEqual([[total], [[]]]);
  expect(await other.tell("00")).toBe("notReadyToReadyChange");
  expect(await host.tell("00")).toBe("GOOD");
});

test.each(["04 00 00 00 00 00", "0b 00 00 ff ff 00"])(
  "%s away from the beginning, or in partition 1 → POSITION PAST BEGINNING",
  async (cdb) => {
    const { host, medium } = await loadedDrive({ capacityBytes: total });
    await medium.format([total / 2, total / 2]);
    medium.objects = [pattern(4)];
    medium.at = 1;
    expect(await host.tell(cdb)).toBe("positionPastBeginningOfMedium");
    await medium.locate(0, 1);
    expect(await host.tell(cdb)).toBe("positionPastBeginningOfMedium");
  },
);

test.each([
  ["VERIFY", "04 02 00 00 00 00", "cdb 1 bit 1"],
  ["FORMAT 3", "04 00 03 00 00 00", "cdb 2 bit 3"],
  ["a transfer length", "04 00 00 00 01 00", "cdb 3 bit 7"],
])("%s → INVALID FIELD IN CDB", async (_field, cdb, field) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(`invalidFieldInCdb, ${field}`);
});

test("SET CAPACITY to a half → half the capacity, kept by FORMAT; FFFFh → all of it", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: total });
  expect(await host.tell("0b 00 00 80 00 00")).toBe("GOOD");
  const [half] = medium.capacitiesBytes;
  expect(half).toBe(Math.floor((total * 0x8000) / 0xffff));
  await host.tell("04 00 00 00 00 00");
  expect(medium.capacitiesBytes).toEqual([half]);
  await host.tell("0b 00 00 ff ff 00");
  expect(medium.capacitiesBytes).toEqual([total]);
});

/** FORMAT MEDIUM with IMMED on a medium that formats when the test lets it. */
async function formatting() {
  const bench = await loadedDrive();
  const formatted = Promise.withResolvers<WriteResult>();
  bench.medium.format = () => formatted.promise;
  expect(await bench.host.tell("04 01 00 00 00 00")).toBe("GOOD");
  return { ...bench, finish: formatted.resolve };
}

test("IMMED → FORMAT IN PROGRESS with progress for commands and REQUEST SENSE, then ready", async () => {
  const { host, other, drive, finish } = await formatting();
  expect(await host.tell("00")).toBe("formatInProgress, data 0");
  expect(await other.tell("08 00 00 00 04 00")).toBe("formatInProgress, data 0");
  expect(await host.tell("1b 00 00 00 00 00")).toBe("formatInProgress, data 0");
  const { data } = await host.send("03 00 00 00 12 00");
  expect(hex(data)).toBe("700002000000000a00000000040400800000");
  finish({ kind: "written" });
  await drive.operation?.ended;
  expect(await host.tell("00")).toBe("GOOD");
});

test("IMMED that fails → a deferred error for the nexus that asked", async () => {
  const { host, other, drive, finish } = await formatting();
  finish({ kind: "fault", fault: "write", reason: "asked for by the test" });
  await drive.operation?.ended;
  expect(await other.tell("00")).toBe("GOOD");
  expect(await host.tell("00")).toBe("deferred writeError");
  expect(await host.tell("00")).toBe("GOOD");
});

test("eject after IMMED failed → the cartridge goes, and the failure is told", async () => {
  const { host, drive, finish } = await formatting();
  finish({ kind: "fault", fault: "write", reason: "asked for by the test" });
  expect((await drive.eject()).kind).toBe("ejected");
  expect(await host.tell("00")).toBe("deferred writeError");
});

test("eject during IMMED → waits for the end", async () => {
  const { drive, finish } = await formatting();
  const ejected = drive.eject();
  finish({ kind: "written" });
  expect((await ejected).kind).toBe("ejected");
});

test("fault without IMMED → told, the page's wish kept for the retry", async () => {
  const { bench } = await partitioned(1, "3c", 9, "ffff0064");
  bench.medium.faults.set("format", "write");
  expect(await bench.host.tell("04 00 01 00 00 00")).toBe("writeError");
  expect(await bench.host.tell("04 00 01 00 00 00")).toBe("GOOD");
  expect(bench.medium.capacitiesBytes.length).toBe(2);
});
