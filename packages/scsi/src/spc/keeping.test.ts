/** Commands whose effect the device's store keeps, beside a store that fails: a full or failing disk. */
import { expect, test } from "vitest";
import { type DeviceStore, standAlone, volatileStore } from "../device-ports.ts";
import { newTapeDrive } from "../ssc/new-tape-drive.ts";
import { Initiator, testIdentity } from "../testing-initiator.ts";
import { action, keyList, keysSeenBy, outCdb, reservationSeenBy } from "../testing-reservations.ts";

const aptpl = 0x01;

/** A drive whose store takes nothing while `fails.now`. */
async function failingStore() {
  const kept = volatileStore();
  const fails = { now: false };
  const store: DeviceStore = {
    get: (name) => kept.get(name),
    put: (name, text) =>
      fails.now ? Promise.reject(new Error("no space left on device")) : kept.put(name, text),
  };
  const begin = async () => {
    const drive = newTapeDrive(testIdentity, { ...standAlone(), store });
    const host = new Initiator(drive.logicalUnit);
    const other = new Initiator(drive.logicalUnit, "iqn.2026-11.test:b,i,0x1");
    for (const each of [host, other]) await each.tell("00");
    return { drive, host, other };
  };
  return { ...(await begin()), fails, begin };
}

test("PERSISTENT RESERVE OUT that cannot be kept → 4/44/00, and all is as before", async () => {
  const { host, other, fails, begin } = await failingStore();
  expect(await host.tell(outCdb(action.register), keyList(0n, 1n, aptpl))).toBe("GOOD");
  fails.now = true;
  for (const [serviceAction, list] of [
    [action.reserve, keyList(1n)],
    [action.clear, keyList(1n)],
    [action.register, keyList(1n, 5n, aptpl)],
    [action.registerAndIgnore, keyList(0n, 0n)],
  ] as const)
    expect(await host.tell(outCdb(serviceAction, 1), list)).toBe("internalTargetFailure");
  expect(await keysSeenBy(host)).toEqual({ generation: 1, keys: [1] });
  expect(await reservationSeenBy(host)).toBeUndefined();
  expect(await other.tell("00")).toBe("mediumNotPresent");
  fails.now = false;
  expect(await host.tell(outCdb(action.reserve, 1), keyList(1n))).toBe("GOOD");
  const again = await begin();
  expect(await reservationSeenBy(again.host)).toEqual({ key: 1, type: 1 });
});

test.each([
  ["CLEAR", outCdb(action.clear), keyList(1n)],
  ["RELEASE", outCdb(action.release, 5), keyList(1n)],
  ["REGISTER that takes the holder away", outCdb(action.register), keyList(1n, 0n, aptpl)],
  ["PREEMPT", outCdb(action.preempt, 1), keyList(1n, 2n)],
  ["PREEMPT of the reservation", outCdb(action.preempt, 1), keyList(1n, 1n)],
  ["PREEMPT AND ABORT", outCdb(action.preemptAndAbort, 1), keyList(1n, 2n)],
])("%s that cannot be kept → nobody is told of it, and prevention stays", async (_n, cdb, list) => {
  const { drive, host, other, fails } = await failingStore();
  await host.tell(outCdb(action.register), keyList(0n, 1n, aptpl));
  await other.tell(outCdb(action.register), keyList(0n, 2n, aptpl));
  expect(await host.tell(outCdb(action.reserve, 5), keyList(1n))).toBe("GOOD");
  expect(await other.tell("1e 00 00 00 01 00")).toBe("GOOD");
  fails.now = true;
  expect(await host.tell(cdb, list)).toBe("internalTargetFailure");
  expect(await other.tell("00")).toBe("mediumNotPresent");
  expect(drive.preventing.size).toBe(1);
  fails.now = false;
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 5 });
});

test("MODE SELECT whose pages cannot be saved → 4/44/00, in force but not saved", async () => {
  const { drive, host, fails } = await failingStore();
  fails.now = true;
  const compressionOff = Buffer.from(`000010000f0e4080${"00".repeat(12)}`, "hex");
  expect(await host.tell("15 11 00 00 14 00", compressionOff)).toBe("internalTargetFailure");
  expect(drive.parameters.compressionEnabled).toBe(false);
  await drive.logicalUnit.reset();
  expect(drive.parameters.compressionEnabled).toBe(true);
});

test("SET IDENTIFYING INFORMATION that cannot be kept → 4/44/00, and nobody is told of a change", async () => {
  const { host, other, fails } = await failingStore();
  fails.now = true;
  const set = "a4 06 00 00 00 00 00 00 00 04 00 00";
  expect(await host.tell(set, Buffer.from("name"))).toBe("internalTargetFailure");
  expect(await other.tell("00")).toBe("mediumNotPresent");
});
