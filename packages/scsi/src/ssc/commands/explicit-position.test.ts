/** READ, WRITE, WRITE FILEMARKS and ERASE(16): explicit address mode (SSC-5 4.2.22). */
import { expect, test } from "vitest";
import { hex, loadedDrive, pattern } from "../../testing-initiator.ts";

/** Two partitions: 0 holds b F b, 1 holds b b; the position is the beginning of partition 0. */
async function twoPartitions() {
  const bench = await loadedDrive({ capacityBytes: 1e9 });
  const { medium } = bench;
  await medium.format([5e8, 5e8]);
  medium.partitionObjects[0] = [pattern(4, 1), "filemark", pattern(4, 2)];
  medium.partitionObjects[1] = [pattern(4, 3), pattern(4, 4)];
  return bench;
}

/** Operation code and byte 1, partition, logical object, count or length. */
const cdb = (head: string, partition: number, object: number, length: number) =>
  `${head} 00 0${partition} ${object.toString(16).padStart(16, "0")} ${length.toString(16).padStart(6, "0")} 00`;

test("READ(16) of another partition's block → its data, the position behind it", async () => {
  const { host, medium } = await twoPartitions();
  const { outcome, data } = await host.send(cdb("88 00", 1, 1, 4));
  expect([outcome, hex(data)]).toEqual(["GOOD", hex(pattern(4, 4))]);
  expect([medium.partition, medium.at]).toEqual([1, 2]);
});

test.each([
  ["a filemark", 0, 1, "filemarkDetected, FILEMARK, information 4"],
  ["end of data", 0, 3, "endOfData, information 4"],
  ["behind the end of data", 0, 9, "endOfData"],
  ["a partition that is none", 2, 0, "invalidFieldInCdb, cdb 3 bit 7"],
])("READ(16) of %s → %i/%i: %s", async (_where, partition, object, told) => {
  const { host } = await twoPartitions();
  expect(await host.tell(cdb("88 00", partition, object, 4))).toBe(told);
});

test("READ(16) of a block of another length → ILI; with SILI GOOD", async () => {
  const { host } = await twoPartitions();
  expect(await host.tell(cdb("88 00", 0, 0, 9))).toBe("noSense, ILI, information 5");
  expect(await host.tell(cdb("88 02", 0, 0, 9))).toBe("GOOD");
});

test.each([
  ["WRITE(16)", "8a"],
  ["WRITE FILEMARKS(16)", "80"],
])("%s with FCS elsewhere → written there, what followed is gone", async (_name, code) => {
  const { host, medium } = await twoPartitions();
  const length = code === "8a" ? 4 : 1;
  expect(await host.tell(cdb(`${code} 08`, 1, 1, length), pattern(4, 5))).toBe("GOOD");
  expect(medium.partitionObjects.map((objects) => objects.length)).toEqual([3, 2]);
  expect([medium.partition, medium.at]).toEqual([1, 2]);
});

test.each([
  ["WRITE(16)", "8a 00", 4],
  ["WRITE FILEMARKS(16)", "80 04", 1],
])(
  "%s with FCS zero → goes on where it stands, SEQUENTIAL POSITIONING ERROR elsewhere",
  async (_n, head, length) => {
    const { host, medium } = await twoPartitions();
    expect(await host.tell(cdb(head, 0, 2, length), pattern(4))).toBe("sequentialPositioningError");
    expect(medium.objects.length).toBe(3);
    medium.at = 3;
    expect(await host.tell(cdb(head, 0, 3, length), pattern(4))).toBe("GOOD");
    expect(medium.objects.length).toBe(4);
  },
);

test("ERASE(16) with FCS → the data of that partition ends there", async () => {
  const { host, medium } = await twoPartitions();
  expect(await host.tell("93 08 00 01 0000000000000001 000000 00")).toBe("GOOD");
  expect(medium.partitionObjects.map((objects) => objects.length)).toEqual([3, 1]);
});

test("WRITE(16) on a protected medium → refused; WRITE(16) over 8 MiB → the length's field", async () => {
  const { host, medium } = await twoPartitions();
  expect(await host.tell(cdb("8a 08", 0, 0, 0x800001))).toBe("invalidFieldInCdb, cdb 12 bit 7");
  medium.writeProtected = true;
  expect(await host.tell(cdb("8a 08", 0, 0, 4), pattern(4))).toBe("writeProtected");
});

test("failure to store before the move → told, nothing read and nothing moved", async () => {
  const { host, medium } = await twoPartitions();
  medium.at = 3;
  await host.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await host.tell(cdb("88 00", 1, 0, 4))).toBe("writeError");
  expect([medium.partition, medium.at]).toEqual([0, 4]);
});

test.each(["0f 00 00 00 04 00", cdb("81 00", 0, 0, 4)])(
  "READ REVERSE %s → INVALID COMMAND OPERATION CODE, as LTO",
  async (command) => {
    const { host } = await twoPartitions();
    expect(await host.tell(command)).toBe("invalidOperationCode, cdb 0");
  },
);

test("no room for what the way there must store → BUSY, nothing read, and the position kept", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  await host.tell("01 00 00 00 00 00");
  medium.faults.set("locate", "full");
  expect(await host.tell(cdb("88 00", 0, 1, 4))).toBe("BUSY");
  expect(medium.at).toBe(0);
});

test("WRITE(16) that cannot get there → BUSY, nothing written over", async () => {
  const { host, medium } = await loadedDrive();
  for (const seed of [1, 2]) await host.tell("0a 00 00 00 04 00", pattern(4, seed));
  await host.tell("01 00 00 00 00 00");
  medium.faults.set("locate", "full");
  expect(await host.tell(cdb("8a 08", 0, 2, 4), pattern(4, 3))).toBe("BUSY");
  expect(medium.objects).toEqual([pattern(4, 1), pattern(4, 2)]);
});
