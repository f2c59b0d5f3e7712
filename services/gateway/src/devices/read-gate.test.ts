import type { Nexus, ScsiTarget, ScsiTask } from "@reelhouse/iscsi";
import { expect, test } from "vitest";
import { dataInBytesMax, gateReads } from "./read-gate.ts";

const nexus = (name: string): Nexus => ({
  initiatorName: name,
  initiatorPortName: name,
  targetName: "t",
  portalGroupTag: 1,
});
const task = (of: Nexus, tag: number): ScsiTask => ({
  nexus: of,
  lun: new Uint8Array(8),
  cdb: Uint8Array.of(8),
  initiatorTaskTag: tag,
  expectedDataOutLength: 0,
  expectedDataInLength: dataInBytesMax,
  aborted: false,
  receiveDataOut: () => Promise.reject(new Error("a READ has no data out")),
});

/** A target whose every command answers at once with `byteLength` of data; `released` lists data given back. */
function reader(byteLength: number) {
  const executed: number[] = [];
  const releases: (() => void)[] = [];
  const lost: Nexus[] = [];
  const target: ScsiTarget = {
    execute: ({ initiatorTaskTag }) => {
      executed.push(initiatorTaskTag);
      return { status: 0, dataIn: { views: [], byteLength, release: () => undefined } };
    },
    manage: async () => "FUNCTION COMPLETE",
    nexusEstablished: () => undefined,
    nexusSuspended: () => undefined,
    nexusReturned: () => undefined,
    nexusLost: (of) => void lost.push(of),
  };
  return { target: gateReads(target), executed, releases, lost };
}

test("an initiator that takes its data → never waits, and is answered in the same turn", () => {
  const { target, executed } = reader(dataInBytesMax);
  const host = nexus("a");
  for (let tag = 1; tag <= 3; tag++) {
    const completion = target.execute(task(host, tag));
    expect(completion).not.toBeInstanceOf(Promise);
    if (!(completion instanceof Promise)) completion.dataIn?.release();
  }
  expect(executed).toEqual([1, 2, 3]);
});

test("an initiator that takes nothing → is read for up to the limit, then its commands wait in order", async () => {
  const { target, executed } = reader(dataInBytesMax / 2);
  const host = nexus("a");
  const completions = [1, 2, 3, 4].map((tag) => target.execute(task(host, tag)));
  expect(executed).toEqual([1, 2]);
  (await completions[0])?.dataIn?.release();
  expect(executed).toEqual([1, 2, 3]);
  (await completions[1])?.dataIn?.release();
  expect(executed).toEqual([1, 2, 3, 4]);
});

test("a stalled initiator → does not hold another one back", () => {
  const { target, executed } = reader(dataInBytesMax);
  void target.execute(task(nexus("a"), 1));
  void target.execute(task(nexus("b"), 2));
  expect(executed).toEqual([1, 2]);
});

test("a nexus that is lost while commands wait → ends them through the device, then is lost there too", () => {
  const { target, executed, lost } = reader(dataInBytesMax);
  const host = nexus("a");
  void target.execute(task(host, 1));
  void target.execute(task(host, 2));
  target.nexusLost(host);
  expect(executed).toEqual([1, 2]);
  expect(lost).toEqual([host]);
});

const statusOf = async (completion: ReturnType<ScsiTarget["execute"]> | undefined) =>
  (await completion)?.status;
const taskAborted = 0x40;

test.each([
  ["LOGICAL UNIT RESET", taskAborted],
  ["CLEAR TASK SET", taskAborted],
  ["TARGET WARM RESET", taskAborted],
  ["TARGET COLD RESET", taskAborted],
  ["ABORT TASK SET", 0],
] as const)("%s while commands wait here → each is answered %i", async (name, expected) => {
  const { target, executed } = reader(dataInBytesMax);
  const host = nexus("a");
  const completions = [1, 2, 3].map((tag) => target.execute(task(host, tag)));
  const lun = new Uint8Array(8);
  await target.manage({ function: name, nexus: nexus("b"), lun });
  (await completions[0])?.dataIn?.release();
  expect(await statusOf(completions[1])).toBe(expected);
  expect(executed).toEqual(expected === 0 ? [1, 2] : [1]);
});

test("a reset of another logical unit while commands wait here → they go on waiting", async () => {
  const { target, executed } = reader(dataInBytesMax);
  const host = nexus("a");
  const completions = [1, 2].map((tag) => target.execute(task(host, tag)));
  const lun = Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0);
  await target.manage({ function: "LOGICAL UNIT RESET", nexus: nexus("b"), lun });
  expect(executed).toEqual([1]);
  (await completions[0])?.dataIn?.release();
  expect(await statusOf(completions[1])).toBe(0);
});
