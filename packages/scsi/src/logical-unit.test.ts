/** The task set and task management (SAM-5 7, 8), over a drive whose medium waits. */
import { expect, test } from "vitest";
import type { Completion, DataOut, Task } from "./task.ts";
import { Initiator, answerOf, dataOutOf, loadedDrive, pattern } from "./testing-initiator.ts";
import { FakeMedium } from "./testing-medium.ts";

const write4 = "0a 00 00 00 04 00";

/** A WRITE whose initiator keeps its data back until `deliver`. */
function slowWrite(host: Initiator) {
  const { promise, resolve } = Promise.withResolvers<DataOut>();
  const data = dataOutOf(pattern(4));
  const task: Task = { ...host.task(write4, pattern(4)), receiveDataOut: () => promise };
  return { task, data, deliver: () => resolve(data) };
}

const outcome = async (completion: Completion | Promise<Completion>) =>
  answerOf(await completion).outcome;

test("commands one after the other → done in order of arrival, the position shared", async () => {
  const { host, other, medium } = await loadedDrive({ waits: true });
  const writes = [1, 2, 3].map((seed) =>
    (seed === 2 ? other : host).send(write4, pattern(4, seed)),
  );
  await Promise.all(writes);
  expect(medium.objects).toEqual([pattern(4, 1), pattern(4, 2), pattern(4, 3)]);
});

test("command behind a waiting one → waits for it", async () => {
  const { drive, host, other, medium } = await loadedDrive();
  const slow = slowWrite(host);
  const first = drive.logicalUnit.execute(slow.task);
  const second = other.execute("10 01 00 00 01 00");
  expect(second).toBeInstanceOf(Promise);
  expect(medium.objects).toEqual([]);
  slow.deliver();
  expect(await outcome(first)).toBe("GOOD");
  expect(await outcome(second)).toBe("GOOD");
  expect(medium.objects).toEqual([pattern(4), "filemark"]);
  expect(slow.data.releases()).toBe(1);
});

test("ABORT TASK of a queued task → TASK ABORTED, never run", async () => {
  const { drive, host, medium } = await loadedDrive();
  const slow = slowWrite(host);
  const first = drive.logicalUnit.execute(slow.task);
  const queued = host.task("10 01 00 00 01 00");
  const second = drive.logicalUnit.execute(queued);
  await drive.logicalUnit.abortTask(queued);
  expect(await outcome(second)).toBe("TASK ABORTED");
  slow.deliver();
  expect(await outcome(first)).toBe("GOOD");
  expect(medium.objects).toEqual([pattern(4)]);
});

test("ABORT TASK of a write that waits for data → ends at once; data that comes late is released", async () => {
  const { drive, host, medium } = await loadedDrive();
  const slow = slowWrite(host);
  const first = drive.logicalUnit.execute(slow.task);
  await drive.logicalUnit.abortTask(slow.task);
  expect(await outcome(first)).toBe("TASK ABORTED");
  expect(await host.tell("00")).toBe("GOOD");
  slow.deliver();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(slow.data.releases()).toBe(1);
  expect(medium.objects).toEqual([]);
});

test("transport's own rejection of an aborted task → TASK ABORTED", async () => {
  const { drive, host } = await loadedDrive();
  const task = {
    ...host.task(write4, pattern(4)),
    aborted: false,
    receiveDataOut: () => Promise.reject(new Error("the transport's")),
  };
  const pending = drive.logicalUnit.execute(task);
  task.aborted = true;
  expect(await outcome(pending)).toBe("TASK ABORTED");
});

test("rejection for another reason → handed to the transport; the next command is served", async () => {
  const { drive, host } = await loadedDrive();
  const task = {
    ...host.task(write4, pattern(4)),
    receiveDataOut: () => Promise.reject(new Error("broken")),
  };
  await expect(drive.logicalUnit.execute(task)).rejects.toThrow("broken");
  expect(await host.tell("00")).toBe("GOOD");
});

test("task already aborted when its turn comes → TASK ABORTED, never run", async () => {
  const { drive, host, medium } = await loadedDrive();
  const task = { ...host.task(write4, pattern(4)), aborted: true };
  expect(await outcome(drive.logicalUnit.execute(task))).toBe("TASK ABORTED");
  expect(medium.objects).toEqual([]);
});

test("read aborted while the medium works → its data is released", async () => {
  const { drive, host, medium } = await loadedDrive({ waits: true });
  medium.objects = [pattern(4)];
  const task = host.task("08 00 00 00 04 00");
  const pending = drive.logicalUnit.execute(task);
  await drive.logicalUnit.abortTask(task);
  expect(await outcome(pending)).toBe("TASK ABORTED");
  expect(medium.leases).toBe(0);
});

test("ABORT TASK SET → the nexus's tasks only", async () => {
  const { drive, host, other, medium } = await loadedDrive();
  const slow = slowWrite(host);
  const first = drive.logicalUnit.execute(slow.task);
  const mine = host.execute("10 01 00 00 01 00");
  const theirs = other.execute("10 01 00 00 02 00");
  await drive.logicalUnit.abortTaskSet(host.nexus);
  const outcomes = await Promise.all([first, mine, theirs].map((each) => outcome(each)));
  expect(outcomes).toEqual(["TASK ABORTED", "TASK ABORTED", "GOOD"]);
  expect(medium.objects).toEqual(["filemark", "filemark"]);
});

test("CLEAR TASK SET → all tasks are answered TASK ABORTED, and nobody is told twice", async () => {
  const { drive, host, other } = await loadedDrive();
  const slow = slowWrite(host);
  const first = drive.logicalUnit.execute(slow.task);
  const theirs = other.execute("10 01 00 00 02 00");
  await drive.logicalUnit.clearTaskSet(host.nexus);
  expect(await Promise.all([outcome(first), outcome(theirs)])).toEqual([
    "TASK ABORTED",
    "TASK ABORTED",
  ]);
  for (const each of [other, host]) expect(await each.tell("00")).toBe("GOOD");
});

test("LOGICAL UNIT RESET → tasks, reservation, prevention and mode parameters gone, all nexuses told", async () => {
  const { drive, host, other } = await loadedDrive();
  await host.tell("16 00 00 00 00 00");
  await host.tell("1e 00 00 00 01 00");
  await host.tell("15 10 00 00 0c 00", Buffer.from("000010080000000000000200", "hex"));
  await drive.logicalUnit.reset();
  expect(drive.preventsRemoval).toBe(false);
  expect(drive.parameters.blockLength).toBe(0);
  for (const each of [host, other]) expect(await each.tell("00")).toBe("busDeviceReset");
});

test("eject while a command runs → after it", async () => {
  const { drive, host, medium } = await loadedDrive();
  const slow = slowWrite(host);
  const first = drive.logicalUnit.execute(slow.task);
  const ejected = drive.eject();
  expect(drive.state).toBe("ready");
  slow.deliver();
  expect(await outcome(first)).toBe("GOOD");
  expect(await ejected).toEqual({ kind: "ejected", medium });
  expect(medium.synchronizedCount).toBe(1);
});

test("idle drive → load and eject answer at once", async () => {
  const { drive, medium } = await loadedDrive();
  expect(drive.eject()).toEqual({ kind: "ejected", medium });
  expect(drive.load(new FakeMedium())).toEqual({ kind: "loaded" });
  expect(drive.load(new FakeMedium())).toEqual({ kind: "refused", reason: "occupied" });
});

test("eject that cannot store → the fault once, the cartridge stays; then it goes", async () => {
  const { drive, host, medium } = await loadedDrive();
  await host.tell(write4, pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await drive.eject()).toMatchObject({ kind: "fault", fault: "write" });
  expect(drive.medium).toBe(medium);
  expect((await drive.eject()).kind).toBe("ejected");
});

/** GOOD for a WRITE, then `text` aborted in the middle of a synchronize that fails. */
async function loseAborted(text: string, data?: Uint8Array) {
  const bench = await loadedDrive({ waits: true });
  const { drive, host, medium } = bench;
  await host.tell(write4, pattern(4));
  medium.faults.set("synchronize", "write");
  const task = host.task(text, data);
  const pending = drive.logicalUnit.execute(task);
  await drive.logicalUnit.abortTask(task);
  expect(await outcome(pending)).toBe("TASK ABORTED");
  return bench;
}

test.each([
  ["WRITE FILEMARKS", "10 00 00 00 01 00", undefined],
  ["REWIND", "01 00 00 00 00 00", undefined],
  ["LOAD UNLOAD", "1b 00 00 00 00 00", undefined],
  ["MODE SELECT to unbuffered", "15 10 00 00 04 00", Buffer.from("00000000", "hex")],
] as const)(
  "%s aborted while storing fails → the writer hears a deferred error, counted once",
  async (_command, text, data) => {
    const { host, other, drive } = await loseAborted(text, data);
    expect(drive.statistics.writeErrors).toBe(1);
    expect(await other.tell("12 00 00 00 60 00")).toBe("GOOD");
    expect(await host.tell("01 00 00 00 00 00")).toBe("deferred writeError");
    expect(await host.tell("01 00 00 00 00 00")).toBe("GOOD");
  },
);

test("unbuffered WRITE aborted while storing fails → deferred error", async () => {
  const { drive, host, medium } = await loadedDrive({ waits: true });
  await host.tell("15 10 00 00 04 00", Buffer.from("00000000", "hex"));
  medium.faults.set("synchronize", "write");
  const task = host.task(write4, pattern(4));
  const pending = drive.logicalUnit.execute(task);
  await drive.logicalUnit.abortTask(task);
  expect(await outcome(pending)).toBe("TASK ABORTED");
  expect(await host.tell("00")).toBe("deferred writeError");
});

test("nexus lost while storing its filemarks fails → the next nexus hears it", async () => {
  const { drive, host, other, medium } = await loadedDrive({ waits: true });
  medium.faults.set("synchronize", "write");
  const pending = host.execute("10 00 00 00 01 00");
  const next = other.execute("01 00 00 00 00 00");
  await drive.logicalUnit.nexusLost(host.nexus);
  expect(await outcome(pending)).toBe("TASK ABORTED");
  expect(answerOf(await next)).toMatchObject({ outcome: "writeError", deferred: true });
});

test("no room while an aborted command stores → nothing is lost, no deferred error", async () => {
  const { drive, host, medium } = await loadedDrive({ waits: true });
  await host.tell(write4, pattern(4));
  medium.faults.set("synchronize", "full");
  const task = host.task("10 00 00 00 01 00");
  const pending = drive.logicalUnit.execute(task);
  await drive.logicalUnit.abortTask(task);
  expect(await outcome(pending)).toBe("TASK ABORTED");
  expect(await host.tell("10 00 00 00 01 00")).toBe("GOOD");
});

test("eject while a deferred error waits → a fault once, the cartridge stays; then it goes", async () => {
  const { drive, medium } = await loseAborted("10 00 00 00 01 00");
  expect(await drive.eject()).toMatchObject({ kind: "fault", fault: "write" });
  expect(drive.medium).toBe(medium);
  expect((await drive.eject()).kind).toBe("ejected");
});

test("eject that cannot store while a deferred error waits → one fault for both", async () => {
  const { drive, host, medium } = await loadedDrive();
  await host.tell(write4, pattern(4));
  drive.deferWriteError();
  medium.faults.set("synchronize", "write");
  expect(await drive.eject()).toMatchObject({ kind: "fault", fault: "write" });
  expect((await drive.eject()).kind).toBe("ejected");
});

test("deferred error of a cartridge that is gone → not told of the next one", async () => {
  const { drive, host } = await loadedDrive();
  await drive.eject();
  drive.deferWriteError();
  await drive.load(new FakeMedium());
  expect(await host.tell("00")).toBe("notReadyToReadyChange");
  expect(await host.tell("00")).toBe("GOOD");
});

test("writer of the cartridge before → a deferred error of this one is anybody's", async () => {
  const { drive, host, other } = await loadedDrive();
  await host.tell(write4, pattern(4));
  await drive.eject();
  await drive.load(new FakeMedium());
  expect(await other.tell("00")).toBe("notReadyToReadyChange");
  drive.deferWriteError();
  expect(await other.tell("00")).toBe("deferred writeError");
});

test("cartridge that cannot be rewound → not loaded", async () => {
  const { drive } = await loadedDrive();
  await drive.eject();
  const medium = new FakeMedium();
  medium.faults.set("locate", "read");
  expect(await drive.load(medium)).toMatchObject({ kind: "fault", fault: "read" });
  expect(drive.state).toBe("empty");
});

test("nexus that returns with its tasks settled → nothing is told, and its reservation holds", async () => {
  const { drive, host, other } = await loadedDrive();
  expect(await host.tell("16 00 00 00 00 00")).toBe("GOOD");
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("RESERVATION CONFLICT");
});

test("nexus that returns, tasks in doubt → 29/07 once, and its reservation holds", async () => {
  const { drive, host, other } = await loadedDrive();
  expect(await host.tell("16 00 00 00 00 00")).toBe("GOOD");
  drive.logicalUnit.nexusReturned(host.nexus, true);
  expect(await host.tell("00")).toBe("nexusLoss");
  expect(await host.tell("00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("RESERVATION CONFLICT");
});

test("ABORT TASK of a command that waits for the medium → the medium may give the wait up", async () => {
  const { drive, host, medium } = await loadedDrive({ waits: true });
  const read = host.task("08 00 00 00 04 00");
  const pending = drive.logicalUnit.execute(read);
  await drive.logicalUnit.abortTask(read);
  expect(await outcome(pending)).toBe("TASK ABORTED");
  expect(medium.recallsGivenUp).toBe(1);
});

test("nexus whose connection broke → its reservation and prevention hold until another nexus needs them gone", async () => {
  const { drive, host, other } = await loadedDrive();
  expect(await host.tell("16 00 00 00 00 00")).toBe("GOOD");
  expect(await host.tell("1e 00 00 00 01 00")).toBe("GOOD");
  await drive.logicalUnit.nexusSuspended(host.nexus);
  expect(drive.reservedBy).toBe(host.nexus);
  expect(drive.preventing.has(host.nexus)).toBe(true);
  expect(await other.tell("00")).toBe("GOOD");
  expect(drive.reservedBy).toBeUndefined();
  expect(await other.tell("1b 00 00 00 00 00")).toBe("GOOD");
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("nexusLoss");
});

test("nexus whose connection broke while it prevented removal → the unload of another goes through", async () => {
  const { drive, host, other } = await loadedDrive();
  expect(await host.tell("1e 00 00 00 01 00")).toBe("GOOD");
  expect(await other.tell("1b 00 00 00 00 00")).toBe("mediumRemovalPrevented");
  await drive.logicalUnit.nexusSuspended(host.nexus);
  expect(await other.tell("1b 00 00 00 00 00")).toBe("GOOD");
});

test("nexus whose connection broke while its command waits for data → that ends, and it finds all as it was", async () => {
  const { drive, host } = await loadedDrive();
  const slow = slowWrite(host);
  const pending = drive.logicalUnit.execute(slow.task);
  await drive.logicalUnit.nexusSuspended(host.nexus);
  expect(await outcome(pending)).toBe("TASK ABORTED");
  drive.logicalUnit.nexusReturned(host.nexus, true);
  expect(await host.tell("00")).toBe("nexusLoss");
  expect(await host.tell("00")).toBe("GOOD");
  slow.deliver();
});
