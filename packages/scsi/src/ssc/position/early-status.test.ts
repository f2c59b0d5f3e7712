/** IMMED of REWIND, LOCATE and LOAD UNLOAD: status first, order kept, what comes of it told later. */
import { expect, test } from "vitest";
import { answerOf, loadedDrive, pattern } from "../../testing-initiator.ts";
import type { LocateResult } from "../medium.ts";

const rewind = "01 01 00 00 00 00";
const readPosition = "34 00 00 00 00 00 00 00 00 00";
const recallFault = { kind: "fault", fault: "recall", reason: "asked for by the test" } as const;

/** A medium that moves when the test lets it, and gives up as a recall does. */
async function slow() {
  const bench = await loadedDrive();
  const { medium } = bench;
  medium.objects = [pattern(4), pattern(4), pattern(4)];
  medium.at = 2;
  const moved = Promise.withResolvers<LocateResult>();
  const locate = medium.locate.bind(medium);
  medium.locate = async (...to) => {
    const result = await moved.promise;
    return result.kind === "located" ? locate(...to) : result;
  };
  const giveUp = medium.giveUpRecall.bind(medium);
  medium.giveUpRecall = () => {
    giveUp();
    moved.resolve({ ...recallFault, givenUp: true });
  };
  return { ...bench, finish: moved.resolve };
}

test.each([
  ["REWIND", rewind, 0],
  ["LOCATE(10)", "2b 01 00 00 00 00 01 00 00 00", 1],
  ["LOCATE(16)", "92 01 00 00 00 00 00 00 00 00 00 01 00 00 00 00", 1],
  ["LOAD", "1b 01 00 00 01 00", 0],
])(
  "%s with IMMED that takes time → GOOD at once, the next command after it",
  async (_, cdb, to) => {
    const { host, other, finish } = await slow();
    expect(await host.tell(cdb)).toBe("GOOD");
    const next = [host.send(readPosition), other.send(readPosition)];
    let isAnswered = false;
    void next[1]?.then(() => (isAnswered = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    finish({ kind: "located" });
    for (const { data } of await Promise.all(next)) expect(data[7]).toBe(to);
  },
);

test("without IMMED → GOOD when it has moved", async () => {
  const { host, finish, medium } = await slow();
  const pending = host.tell("01");
  finish({ kind: "located" });
  expect(await pending).toBe("GOOD");
  expect(medium.at).toBe(0);
});

test("IMMED of a movement that is over at once → its outcome is the status", async () => {
  const { host, medium } = await loadedDrive();
  medium.objects = [pattern(4)];
  expect(await host.tell("2b 01 00 00 00 00 07 00 00 00")).toBe("endOfData");
  expect(await host.tell("00")).toBe("GOOD");
});

test("UNLOAD with IMMED → the account is kept before anything else, an eject too", async () => {
  const { drive, host } = await loadedDrive({ waits: true });
  expect(await host.tell("1b 01 00 00 00 00")).toBe("GOOD");
  expect(drive.state).toBe("ready");
  expect((await drive.eject()).kind).toBe("ejected");
  expect(await host.tell("00")).toBe("mediumNotPresent");
});

test("what is buffered cannot be stored → told as the status, not moved", async () => {
  const { host, medium } = await loadedDrive({ waits: true });
  await host.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await host.tell(rewind)).toBe("writeError");
  expect(medium.at).toBe(1);
});

test("it fails after its status → a deferred error for who asked, before the next command does anything", async () => {
  const { host, other, medium, finish } = await slow();
  expect(await host.tell(rewind)).toBe("GOOD");
  finish(recallFault);
  expect(await other.tell("00")).toBe("GOOD");
  expect(await host.tell("08 00 00 00 04 00")).toBe("deferred internalTargetFailure");
  expect(medium.at).toBe(2);
  expect(await host.tell("00")).toBe("GOOD");
});

test.each(["LOGICAL UNIT RESET", "ABORT TASK SET", "I_T nexus loss", "a connection that breaks"])(
  "%s while it waits for a recall → given up, nothing deferred, the drive works on",
  async (name) => {
    const { drive, host, other, medium } = await slow();
    expect(await host.tell(rewind)).toBe("GOOD");
    const unit = drive.logicalUnit;
    if (name === "LOGICAL UNIT RESET") await unit.reset();
    if (name === "ABORT TASK SET") await unit.abortTaskSet(host.nexus);
    if (name === "I_T nexus loss") await unit.nexusLost(host.nexus);
    if (name === "a connection that breaks") await unit.nexusSuspended(host.nexus);
    expect(medium.recallsGivenUp).toBe(1);
    if (name === "LOGICAL UNIT RESET") await other.tell("00");
    expect(await other.tell("00")).toBe("GOOD");
    expect(drive.failedOperation).toBeUndefined();
  },
);

test("another nexus's tasks are ended → the movement goes on, and its queued command ends", async () => {
  const { drive, host, other, finish } = await slow();
  await host.tell(rewind);
  const waiting = other.execute("00");
  await drive.logicalUnit.abortTaskSet(other.nexus);
  expect(answerOf(await waiting).outcome).toBe("TASK ABORTED");
  finish({ kind: "located" });
  expect(await host.tell("00")).toBe("GOOD");
});

test("CLEAR TASK SET by another nexus → the movement goes on: who asked was answered, and would not hear of its end", async () => {
  const { drive, host, other, medium, finish } = await slow();
  await host.tell(rewind);
  const waiting = host.execute("00");
  await drive.logicalUnit.clearTaskSet(other.nexus);
  expect(answerOf(await waiting).outcome).toBe("TASK ABORTED");
  finish({ kind: "located" });
  expect(await host.tell("00")).toBe("GOOD");
  expect(medium.at).toBe(0);
});

test("the connection breaks while it goes on, and the nexus returns → hears of its loss: it is not where it asked for", async () => {
  const { drive, host, medium } = await slow();
  await host.tell(rewind);
  await drive.logicalUnit.nexusSuspended(host.nexus);
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("nexusLoss");
  expect(medium.at).toBe(2);
});

test("from the queue too → status first, then the next in order", async () => {
  const { host, other, medium, finish } = await slow();
  await host.tell(rewind);
  const behind = [other.send("2b 01 00 00 00 00 01 00 00 00"), other.send(readPosition)];
  finish({ kind: "located" });
  const [moved, position] = await Promise.all(behind);
  expect(moved?.outcome).toBe("GOOD");
  expect(position?.data[7]).toBe(1);
  expect(medium.at).toBe(1);
});
