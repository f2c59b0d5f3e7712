/** VERIFY(6) and VERIFY(16) (SSC-5 7.12). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import type { DataOut, Task } from "../../task.ts";
import { type Bench, answerOf, loadedDrive, pattern } from "../../testing-initiator.ts";
import { FakeMedium } from "../../testing-medium.ts";
import type { ReadResult } from "../medium.ts";

async function setBlockLength({ host }: Bench, bytes: number) {
  const list = Buffer.from(
    `00001008${"00".repeat(4)}00${bytes.toString(16).padStart(6, "0")}`,
    "hex",
  );
  expect(await host.tell("15 10 00 00 0c 00", list)).toBe("GOOD");
}

/** b b F b F, blocks of four bytes. */
async function twoFiles(blockLength = 0) {
  const bench = await loadedDrive();
  bench.medium.objects = [pattern(4, 1), pattern(4, 2), "filemark", pattern(4, 3), "filemark"];
  await setBlockLength(bench, blockLength);
  return bench;
}

test.each([
  ["one block", 0, "13 00 00 00 04 00", "GOOD", 1],
  ["a longer block than asked", 0, "13 00 00 00 03 00", "noSense, ILI, information -1", 1],
  ["a filemark", 2, "13 00 00 00 04 00", "filemarkDetected, FILEMARK, information 4", 3],
  ["end of data", 5, "13 00 00 00 04 00", "endOfData, information 4", 5],
  ["nothing", 1, "13 00 00 00 00 00", "GOOD", 1],
  ["to end of data, VTE", 0, "13 20 00 00 00 00", "GOOD", 5],
  ["two files, VBF", 0, "13 08 00 00 02 00", "GOOD", 5],
  ["three files, VBF", 0, "13 08 00 00 03 00", "endOfData, information 1", 5],
  ["16: one block of the second file", 0, "8f 00 00 00 0000000000000003 000004 00", "GOOD", 4],
  ["VTE with VBF", 0, "13 28 00 00 00 00", "invalidFieldInCdb, cdb 1 bit 5", 0],
  ["VBF with FIXED", 0, "13 09 00 00 01 00", "invalidFieldInCdb, cdb 1 bit 3", 0],
  ["VLBPM without protection", 0, "13 10 00 00 04 00", "invalidFieldInCdb, cdb 1 bit 4", 0],
  ["IMMED with BYTCMP", 0, "13 06 00 00 04 00", "invalidFieldInCdb, cdb 1 bit 2", 0],
  ["FIXED in variable mode", 0, "13 01 00 00 01 00", "invalidFieldInCdb, cdb 1 bit 0", 0],
  ["over 8 MiB", 0, "13 00 80 00 01 00", "invalidFieldInCdb, cdb 2 bit 7", 0],
])("%s, from %i: %s → %s, position %i", async (_what, from, cdb, told, to) => {
  const { host, medium } = await twoFiles();
  medium.at = from;
  expect(await host.tell(cdb)).toBe(told);
  expect([medium.at, medium.leases]).toEqual([to, 0]);
});

test.each([
  ["two blocks", "13 01 00 00 02 00", "GOOD", 2],
  [
    "three, a filemark among them",
    "13 01 00 00 03 00",
    "filemarkDetected, FILEMARK, information 1",
    3,
  ],
])("fixed, %s: %s → %s, position %i", async (_what, cdb, told, to) => {
  const { host, medium } = await twoFiles(4);
  expect(await host.tell(cdb)).toBe(told);
  expect(medium.at).toBe(to);
});

test("fixed, a block of another length → ILI", async () => {
  const { host } = await twoFiles(3);
  expect(await host.tell("13 01 00 00 02 00")).toBe("noSense, ILI, information 2");
});

const both = Uint8Array.from([...pattern(4, 1), ...pattern(4, 2)]);

test("BYTCMP of the same bytes → GOOD, Data-Out released", async () => {
  const { host, medium } = await twoFiles(4);
  expect(await host.tell("13 03 00 00 02 00", both)).toBe("GOOD");
  expect([medium.at, medium.leases, host.dataOutHeld]).toEqual([2, 0, 0]);
});

test.each([0, 3, 5, 7])(
  "BYTCMP with byte %i different → MISCOMPARE, blocks left from there",
  async (at) => {
    const { host, medium } = await twoFiles(4);
    const wrong = Uint8Array.from(both);
    wrong[at]! ^= 1;
    const left = at < 4 ? 2 : 1;
    expect(await host.tell("13 03 00 00 02 00", wrong)).toBe(
      `miscompareDuringVerify, information ${left}`,
    );
    expect([medium.leases, host.dataOutHeld]).toEqual([0, 0]);
  },
);

test("BYTCMP with fewer bytes than the length → INVALID FIELD IN CDB, nothing read", async () => {
  const { host, medium } = await twoFiles(4);
  expect(await host.tell("13 03 00 00 02 00", pattern(4))).toBe("invalidFieldInCdb, cdb 1 bit 1");
  expect([medium.at, host.dataOutHeld]).toEqual([0, 0]);
});

test("fault → UNRECOVERED READ ERROR; with IMMED GOOD, then a deferred error", async () => {
  const { host, medium, drive } = await twoFiles();
  medium.faults.set("read", "read");
  expect(await host.tell("13 00 00 00 04 00")).toBe("unrecoveredReadError, information 4");
  medium.faults.set("read", "read");
  expect(await host.tell("13 24 00 00 00 00")).toBe("GOOD");
  await drive.operation?.ended;
  expect(await host.tell("00")).toBe("deferred unrecoveredReadError");
});

test("IMMED that failed after its status → the library's eject goes through; the failure is told all the same", async () => {
  const { drive, host, other, medium } = await loadedDrive();
  medium.objects = [pattern(4)];
  medium.faults.set("read", "read");
  await host.tell("13 24 00 00 00 00");
  await drive.operation?.ended;
  expect((await drive.eject()).kind).toBe("ejected");
  expect(await other.tell("00")).toBe("mediumNotPresent");
  expect(await host.tell("00")).toBe("deferred unrecoveredReadError");
  expect(await host.tell("00")).toBe("mediumNotPresent");
});

test("IMMED that failed, and data lost, of different nexuses → each hears its own", async () => {
  const { drive, host, other, medium } = await loadedDrive();
  await other.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("read", "read");
  await host.tell("01");
  await host.tell("13 24 00 00 00 00");
  await drive.operation?.ended;
  drive.deferWriteError();
  expect(await other.tell("00")).toBe("deferred writeError");
  expect(await host.tell("00")).toBe("deferred unrecoveredReadError");
});

test.each([
  [
    "its nexus is lost → anybody hears it",
    async ({ drive, host }: Bench) => {
      await drive.logicalUnit.nexusLost(host.nexus);
    },
    "deferred unrecoveredReadError",
  ],
  [
    "another cartridge is loaded → nobody hears it of that",
    async ({ drive, host, other }: Bench) => {
      await drive.eject();
      await drive.load(new FakeMedium());
      for (const each of [host, other]) await each.tell("00");
    },
    "GOOD",
  ],
] as const)("IMMED that failed, %s", async (_, then, heard) => {
  const bench = await loadedDrive();
  bench.medium.objects = [pattern(4)];
  bench.medium.faults.set("read", "read");
  await bench.host.tell("13 24 00 00 00 00");
  await bench.drive.operation?.ended;
  await then(bench);
  expect(await bench.other.tell("00")).toBe(heard);
});

test("IMMED that waits for a recall, another's command aborted → the wait is not given up for it", async () => {
  const { drive, host, other, medium } = await loadedDrive();
  medium.objects = [pattern(4)];
  const read = Promise.withResolvers<ReadResult>();
  medium.read = () => read.promise;
  expect(await host.tell("13 24 00 00 00 00")).toBe("GOOD");
  const select: Task = {
    ...other.task("15 10 00 00 04 00"),
    receiveDataOut: () => Promise.withResolvers<DataOut>().promise,
  };
  const pending = drive.logicalUnit.execute(select);
  await drive.logicalUnit.abortTask(select);
  expect(answerOf(await pending).outcome).toBe("TASK ABORTED");
  expect(medium.recallsGivenUp).toBe(0);
  read.resolve({ kind: "endOfData" });
});

test.each([
  ["to end of data", "13 24 00 00 00 00"],
  ["of so many blocks", "13 05 00 00 04 00"],
  ["of so many files", "13 0c 00 00 04 00"],
])("IMMED, %s → the progress is how much of it has been read", async (_, cdb) => {
  const bench = await loadedDrive({ waits: true });
  const { drive, host, medium } = bench;
  if (cdb.startsWith("13 05")) await setBlockLength(bench, 4);
  const object = cdb.startsWith("13 0c") ? ("filemark" as const) : pattern(4);
  medium.objects = [object, object, object, object];
  const progress: number[] = [];
  const read = medium.read.bind(medium);
  medium.read = (length) => {
    progress.push(readBe(drive.currentCondition() ?? new Uint8Array(18), 16, 2) / 65_536);
    return read(length);
  };
  expect(await host.tell(cdb)).toBe("GOOD");
  await drive.operation?.ended;
  expect(progress.slice(0, 4)).toEqual([0, 0.25, 0.5, 0.75]);
  expect(await host.tell("00")).toBe("GOOD");
});

/** VERIFY with IMMED to end of data, of a block that lies in the vault until the wait for it is given up. */
async function verifyingRecalled() {
  const bench = await loadedDrive();
  const { medium, host } = bench;
  medium.objects = [pattern(4)];
  const read = Promise.withResolvers<ReadResult>();
  medium.read = () => read.promise;
  medium.giveUpRecall = () =>
    read.resolve({ kind: "fault", fault: "recall", reason: "given up", givenUp: true });
  expect(await host.tell("13 24 00 00 00 00")).toBe("GOOD");
  return bench;
}

test("IMMED that may go on for hours, eject by the library → the cartridge goes, the verifying ends", async () => {
  const { drive } = await verifyingRecalled();
  expect((await drive.eject()).kind).toBe("ejected");
  expect(drive.operation).toBeUndefined();
});

test("IMMED that may go on for hours, LOGICAL UNIT RESET → ready again, nothing deferred", async () => {
  const { drive, host } = await verifyingRecalled();
  await drive.logicalUnit.reset();
  await drive.operation?.ended;
  expect(await host.tell("00")).toBe("busDeviceReset");
  expect(await host.tell("00")).toBe("GOOD");
});
