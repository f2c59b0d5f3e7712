/** PERSISTENT RESERVE OUT (SPC-5 6.16, 5.14.7 to 5.14.11): each service action, its refusals and its unit attentions. */
import { expect, test } from "vitest";
import { be, join } from "../../bytes.ts";
import { standAlone, volatileStore } from "../../device-ports.ts";
import { newTapeDrive } from "../../ssc/new-tape-drive.ts";
import { Initiator, loadedDrive, testIdentity } from "../../testing-initiator.ts";
import {
  action,
  keyList,
  keysSeenBy,
  outCdb,
  reservationSeenBy,
} from "../../testing-reservations.ts";
import {
  PersistentReservations,
  registrationsMax,
} from "../reservations/persistent-reservations.ts";
import { encodeTransportId } from "../reservations/transport-id.ts";

const portA = "iqn.2026-11.test:a,i,0x1";
const portB = "iqn.2026-11.test:b,i,0x1";

/** Registered with keys 1 (host) and 2 (other); with a type, host has reserved. */
async function registered(type?: number, portalGroupTags: readonly number[] = [1]) {
  const bench = await loadedDrive({}, { portalGroupTags });
  const { host, other } = bench;
  expect(await host.tell(outCdb(action.register), keyList(0n, 1n))).toBe("GOOD");
  expect(await other.tell(outCdb(action.register), keyList(0n, 2n))).toBe("GOOD");
  if (type !== undefined) await host.tell(outCdb(action.reserve, type), keyList(1n));
  return bench;
}

test("REGISTER → key kept, generation counted; changed with the right key, refused with another", async () => {
  const { host } = await registered();
  expect(await keysSeenBy(host)).toEqual({ generation: 2, keys: [1, 2] });
  expect(await host.tell(outCdb(action.register), keyList(9n, 3n))).toBe("RESERVATION CONFLICT");
  expect(await host.tell(outCdb(action.register), keyList(1n, 3n))).toBe("GOOD");
  expect(await keysSeenBy(host)).toEqual({ generation: 3, keys: [3, 2] });
});

test("REGISTER of an unregistered nexus with a key to match → RESERVATION CONFLICT; of key 0 → nothing", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell(outCdb(action.register), keyList(1n, 3n))).toBe("RESERVATION CONFLICT");
  expect(await host.tell(outCdb(action.register), keyList(0n, 0n))).toBe("GOOD");
  expect(await keysSeenBy(host)).toEqual({ generation: 0, keys: [] });
});

test("REGISTER AND IGNORE EXISTING KEY → whatever the key was", async () => {
  const { host } = await registered();
  expect(await host.tell(outCdb(action.registerAndIgnore), keyList(77n, 4n))).toBe("GOOD");
  expect((await keysSeenBy(host)).keys).toEqual([4, 2]);
});

test("holder unregisters → reservation gone; registrants hear so where they shared it", async () => {
  for (const [type, told] of [
    [1, "GOOD"],
    [5, "reservationsReleased"],
    [6, "reservationsReleased"],
  ] as const) {
    const { host, other } = await registered(type);
    expect(await host.tell(outCdb(action.register), keyList(1n, 0n))).toBe("GOOD");
    expect(await reservationSeenBy(host)).toBeUndefined();
    expect(await other.tell("00")).toBe(told);
  }
});

test("all registrants → the reservation stays until the last of them goes", async () => {
  const { host, other } = await registered(7);
  await host.tell(outCdb(action.register), keyList(1n, 0n));
  expect(await reservationSeenBy(host)).toEqual({ key: 0, type: 7 });
  await other.tell(outCdb(action.register), keyList(2n, 0n));
  expect(await reservationSeenBy(host)).toBeUndefined();
});

test("session lost and back → still registered, still holder", async () => {
  const { drive, host, other } = await registered(3);
  await drive.logicalUnit.nexusLost(host.nexus);
  expect(await other.tell("01")).toBe("RESERVATION CONFLICT");
  const again = new Initiator(drive.logicalUnit, portA);
  expect(await again.tell("00")).toBe("nexusLoss");
  expect(await again.tell("01")).toBe("GOOD");
  expect(await again.tell(outCdb(action.release, 3), keyList(1n))).toBe("GOOD");
});

test("logical unit reset → registrations and reservation stay", async () => {
  const { drive, host, other } = await registered(3);
  await drive.logicalUnit.reset();
  expect(await host.tell("00")).toBe("busDeviceReset");
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 3 });
  await other.tell("00");
  expect(await other.tell("01")).toBe("RESERVATION CONFLICT");
});

test("RESERVE again: same type → GOOD; other type or other nexus → RESERVATION CONFLICT", async () => {
  const { host, other } = await registered(3);
  expect(await host.tell(outCdb(action.reserve, 3), keyList(1n))).toBe("GOOD");
  expect(await host.tell(outCdb(action.reserve, 1), keyList(1n))).toBe("RESERVATION CONFLICT");
  expect(await other.tell(outCdb(action.reserve, 3), keyList(2n))).toBe("RESERVATION CONFLICT");
});

test("RELEASE: other type → INVALID RELEASE; by a registrant → GOOD, kept; by the holder → gone", async () => {
  const { host, other } = await registered(5);
  expect(await host.tell(outCdb(action.release, 6), keyList(1n))).toBe(
    "invalidReleaseOfPersistentReservation",
  );
  expect(await other.tell(outCdb(action.release, 5), keyList(2n))).toBe("GOOD");
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 5 });
  expect(await host.tell(outCdb(action.release, 5), keyList(1n))).toBe("GOOD");
  expect(await other.tell("00")).toBe("reservationsReleased");
  expect(await other.tell("00")).toBe("GOOD");
});

test("CLEAR → nobody registered, the others hear RESERVATIONS PREEMPTED", async () => {
  const { host, other } = await registered(3);
  expect(await other.tell(outCdb(action.clear), keyList(2n))).toBe("GOOD");
  expect(await host.tell("00")).toBe("reservationsPreempted");
  expect(await keysSeenBy(host)).toEqual({ generation: 3, keys: [] });
  expect(await reservationSeenBy(host)).toBeUndefined();
});

test("PREEMPT of the holder → reservation taken over, the holder hears REGISTRATIONS PREEMPTED", async () => {
  const { host, other } = await registered(3);
  expect(await other.tell(outCdb(action.preempt, 1), keyList(2n, 1n))).toBe("GOOD");
  expect(await reservationSeenBy(other)).toEqual({ key: 2, type: 1 });
  expect(await host.tell("00")).toBe("registrationsPreempted");
  expect((await keysSeenBy(other)).keys).toEqual([2]);
});

test("PREEMPT of one that only registered → registration gone, reservation kept", async () => {
  const { host, other } = await registered(5);
  expect(await host.tell(outCdb(action.preempt, 5), keyList(1n, 2n))).toBe("GOOD");
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 5 });
  expect(await other.tell("00")).toBe("registrationsPreempted");
});

test("PREEMPT to another type → registrants that stay hear RESERVATIONS RELEASED", async () => {
  const { drive, host, other } = await registered(5);
  const third = new Initiator(drive.logicalUnit, "iqn.2026-11.test:c,i,0x1");
  await third.tell("00");
  await third.tell(outCdb(action.register), keyList(0n, 3n));
  expect(await other.tell(outCdb(action.preempt, 3), keyList(2n, 1n))).toBe("GOOD");
  expect(await host.tell("00")).toBe("registrationsPreempted");
  expect(await third.tell("00")).toBe("reservationsReleased");
});

test("PREEMPT with key 0 → all registrants: everybody else out; else INVALID FIELD IN PARAMETER LIST", async () => {
  const shared = await registered(7);
  expect(await shared.other.tell(outCdb(action.preempt, 3), keyList(2n, 0n))).toBe("GOOD");
  expect(await reservationSeenBy(shared.other)).toEqual({ key: 2, type: 3 });
  expect(await shared.host.tell("00")).toBe("registrationsPreempted");
  const { other } = await registered(3);
  expect(await other.tell(outCdb(action.preempt, 3), keyList(2n, 0n))).toBe(
    "invalidFieldInParameterList, data 8",
  );
});

test("PREEMPT of a key nobody has, and of key 0 without a reservation → RESERVATION CONFLICT", async () => {
  const { host } = await registered(3);
  expect(await host.tell(outCdb(action.preempt, 3), keyList(1n, 99n))).toBe("RESERVATION CONFLICT");
  const free = await registered();
  expect(await free.host.tell(outCdb(action.preempt, 3), keyList(1n))).toBe("RESERVATION CONFLICT");
});

test("PREEMPT that takes registrations only → SCOPE and TYPE are ignored; one's own goes too, without a word", async () => {
  const { host, other } = await registered(3);
  expect(await other.tell(outCdb(action.preempt, 0xff), keyList(2n, 2n))).toBe("GOOD");
  expect(await keysSeenBy(host)).toEqual({ generation: 3, keys: [1] });
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 3 });
  expect(await other.tell("00")).toBe("GOOD");
  expect(await host.tell(outCdb(action.preempt, 0x02), keyList(1n, 1n))).toBe(
    "invalidFieldInCdb, cdb 2 bit 3",
  );
});

test("PREEMPT by the holder of its own reservation, to another type → it stays registered, the others hear of it", async () => {
  const { host, other } = await registered(3);
  expect(await host.tell(outCdb(action.preempt, 1), keyList(1n, 1n))).toBe("GOOD");
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 1 });
  expect((await keysSeenBy(host)).keys).toEqual([1, 2]);
  expect(await other.tell("00")).toBe("reservationsReleased");
});

test("PREEMPT AND ABORT → queued tasks of the preempted end, its prevention too", async () => {
  const { drive, host, other } = await registered();
  await other.tell("1e 00 00 00 01 00");
  expect(drive.preventsRemoval).toBe(true);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const library = drive.logicalUnit.exclusive(() => promise);
  const preempting = host.tell(outCdb(action.preemptAndAbort, 3), keyList(1n, 2n));
  const queued = other.tell("00");
  resolve(undefined);
  await library;
  expect(await preempting).toBe("GOOD");
  expect(await queued).toBe("TASK ABORTED");
  expect(drive.preventsRemoval).toBe(false);
  expect(await other.tell("00")).toBe("registrationsPreempted");
});

test("PREEMPT AND ABORT of one's own key → one's other tasks end, one's prevention too", async () => {
  const { drive, host } = await registered(3);
  await host.tell("1e 00 00 00 01 00");
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const library = drive.logicalUnit.exclusive(() => promise);
  const preempting = host.tell(outCdb(action.preemptAndAbort, 3), keyList(1n, 1n));
  const queued = host.tell("00");
  resolve(undefined);
  await library;
  expect([await preempting, await queued]).toEqual(["GOOD", "TASK ABORTED"]);
  expect(drive.preventsRemoval).toBe(false);
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 3 });
});

const moveList = (key: bigint, actionKey: bigint, to: string, flags = 0, port = 1) => {
  const transportId = encodeTransportId(to);
  const head = join(be(key, 8), be(actionKey, 8), 0, flags, be(port, 2));
  return join(head, be(transportId.length, 4), transportId);
};

test("REGISTER AND MOVE → the other port holds; with UNREG the sender is not registered any more", async () => {
  const { host, other } = await registered(3);
  const list = moveList(1n, 9n, portB, 0x02);
  expect(await host.tell(outCdb(action.registerAndMove, 0, list.length), list)).toBe("GOOD");
  expect(await reservationSeenBy(other)).toEqual({ key: 9, type: 3 });
  expect((await keysSeenBy(other)).keys).toEqual([9]);
  expect(await host.tell("01")).toBe("RESERVATION CONFLICT");
});

test("REGISTER AND MOVE to a port by another portal group → it holds", async () => {
  const { host, other } = await registered(3, [1, 2]);
  const list = moveList(1n, 9n, portB, 0, 2);
  expect(await host.tell(outCdb(action.registerAndMove, 0, list.length), list)).toBe("GOOD");
  expect(await reservationSeenBy(other)).toEqual({ key: 9, type: 3 });
});

test.each([
  ["to itself", moveList(1n, 9n, portA), "invalidFieldInParameterList, data 24"],
  ["with key 0", moveList(1n, 0n, portB), "invalidFieldInParameterList, data 8"],
  ["to another target port", moveList(1n, 9n, portB, 0, 2), "invalidFieldInParameterList, data 18"],
  ["a reserved bit", moveList(1n, 9n, portB, 4), "invalidFieldInParameterList, data 17 bit 2"],
  ["with a wrong key", moveList(5n, 9n, portB), "RESERVATION CONFLICT"],
  ["cut short", moveList(1n, 9n, portB).subarray(0, 40), "parameterListLengthError"],
])("REGISTER AND MOVE %s → %s%s, nothing changed", async (_condition, list, told) => {
  const { host } = await registered(3);
  expect(await host.tell(outCdb(action.registerAndMove, 0, list.length), list)).toBe(told);
  expect(await reservationSeenBy(host)).toEqual({ key: 1, type: 3 });
});

test("REGISTER AND MOVE by one that does not hold → RESERVATION CONFLICT", async () => {
  const { other } = await registered(5);
  const list = moveList(2n, 9n, portA);
  expect(await other.tell(outCdb(action.registerAndMove, 0, list.length), list)).toBe(
    "RESERVATION CONFLICT",
  );
});

test("REGISTER AND MOVE where nothing is reserved → INVALID FIELD IN CDB; by one that is not registered → conflict", async () => {
  const { drive, host } = await registered();
  const list = moveList(1n, 9n, portB);
  const cdb = outCdb(action.registerAndMove, 0, list.length);
  expect(await host.tell(cdb, list)).toBe("invalidFieldInCdb, cdb 1 bit 4");
  const third = new Initiator(drive.logicalUnit, "iqn.2026-11.test:c,i,0x1");
  await third.tell("00");
  expect(await third.tell(cdb, list)).toBe("RESERVATION CONFLICT");
});

const portsList = (...ports: readonly Uint8Array[]) => {
  const ids = join(...ports);
  return join(keyList(0n, 5n, 0x08), be(ids.length, 4), ids);
};

test("SPEC_I_PT → the named ports are registered too, the name of a device for its ports that are here", async () => {
  const { host } = await loadedDrive();
  const far = "iqn.2026-11.test:far,i,0x00023d000001";
  const deviceName = Uint8Array.from([5, 0, 0, 20, ...Buffer.from("iqn.2026-11.test:b\0\0")]);
  const list = portsList(encodeTransportId(far), deviceName);
  expect(await host.tell(outCdb(action.register, 0, list.length), list)).toBe("GOOD");
  expect((await keysSeenBy(host)).keys).toEqual([5, 5, 5]);
});

test.each(["a line\n", "a\r", "\u2028", "two words", "100%", "registered 1 "])(
  "SPEC_I_PT with %j in a name, and APTPL → the device starts again, and knows the name",
  async (odd) => {
    const { host, drive } = await loadedDrive();
    const name = `iqn.2026-11.test:${odd}far,i,0x1`;
    const ids = encodeTransportId(name);
    const list = join(keyList(0n, 5n, 0x09), be(ids.length, 4), ids);
    expect(await host.tell(outCdb(action.register, 0, list.length), list)).toBe("GOOD");
    const again = new PersistentReservations(drive.ports.store);
    expect([...again.keys.keys()]).toContain(name);
  },
);

test("more ports than can be kept → INSUFFICIENT REGISTRATION RESOURCES, none registered", async () => {
  const { host } = await registered();
  await host.tell(outCdb(action.register), keyList(1n, 0n));
  const ids = Array.from({ length: registrationsMax - 1 }, (_, index) =>
    encodeTransportId(`iqn.a:${index},i,0x1`),
  );
  const list = portsList(...ids);
  expect(await host.tell(outCdb(action.register, 0, list.length), list)).toBe(
    "insufficientRegistrationResources",
  );
  expect((await keysSeenBy(host)).keys).toEqual([2]);
});

test.each([
  ["a TransportID of Fibre Channel", portsList(new Uint8Array(24)), "data 28"],
  ["a port that is registered already", portsList(encodeTransportId(portB)), "data 28"],
  [
    "a device that is not here",
    portsList(Uint8Array.from([5, 0, 0, 20, ...Buffer.from("iqn.2026-11.test:x\0\0")])),
    "data 28",
  ],
])("SPEC_I_PT with %s → INVALID FIELD IN PARAMETER LIST, nothing changed", async (_c, list, at) => {
  const { host, other } = await loadedDrive();
  await other.tell(outCdb(action.register), keyList(0n, 2n));
  expect(await host.tell(outCdb(action.register, 0, list.length), list)).toBe(
    `invalidFieldInParameterList, ${at}`,
  );
  expect((await keysSeenBy(host)).keys).toEqual([2]);
});

test("REGISTER of key 0 by one that is not registered → GOOD, and SPEC_I_PT is not looked at", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell(outCdb(action.register), keyList(0n, 0n, 0x08))).toBe("GOOD");
  expect((await keysSeenBy(host)).keys).toEqual([]);
});

test.each([
  ["a type that is none", outCdb(action.reserve, 2), keyList(1n), "invalidFieldInCdb, cdb 2 bit 3"],
  ["element scope", outCdb(action.reserve, 0x23), keyList(1n), "invalidFieldInCdb, cdb 2 bit 7"],
  ["a list of 23 bytes", outCdb(action.reserve, 3, 23), keyList(1n), "parameterListLengthError"],
  [
    "a list of 25 bytes",
    outCdb(action.reserve, 3, 25),
    new Uint8Array(25),
    "parameterListLengthError",
  ],
  [
    "SPEC_I_PT without REGISTER",
    outCdb(action.reserve, 3),
    keyList(1n, 0n, 0x08),
    "invalidFieldInParameterList, data 20 bit 3",
  ],
  ["a key that is not its own", outCdb(action.reserve, 3), keyList(2n), "RESERVATION CONFLICT"],
  ["it, and no type", outCdb(action.reserve, 2), keyList(2n), "RESERVATION CONFLICT"],
])("%s → %s", async (_condition, cdb, list, told) => {
  const { host } = await registered();
  expect(await host.tell(cdb, list)).toBe(told);
  expect(await reservationSeenBy(host)).toBeUndefined();
});

test("APTPL → after a restart registrations and reservation are there, generation 0; without it they are not", async () => {
  const store = volatileStore();
  const ports = { ...standAlone(), nowMs: () => 0, store };
  const begin = async () => {
    const unit = newTapeDrive(testIdentity, ports).logicalUnit;
    const host = new Initiator(unit, portA);
    expect(await host.tell("00")).toBe("powerOn");
    return host;
  };
  const before = await begin();
  await before.tell(outCdb(action.register), keyList(0n, 7n, 0x01));
  await before.tell(outCdb(action.reserve, 6), keyList(7n));
  const after = await begin();
  expect(await keysSeenBy(after)).toEqual({ generation: 0, keys: [7] });
  expect(await reservationSeenBy(after)).toEqual({ key: 7, type: 6 });
  await after.tell(outCdb(action.registerAndIgnore), keyList(0n, 7n, 0x00));
  expect((await keysSeenBy(await begin())).keys).toEqual([]);
});

test("CRH → RESERVE of the holder is GOOD without effect, of others a conflict; PERSISTENT RESERVE beside RESERVE conflicts", async () => {
  const { drive, host, other } = await registered(3);
  expect(await host.tell("16 00 00 00 00 00")).toBe("GOOD");
  expect(drive.reservedBy).toBeUndefined();
  expect(await other.tell("56 00 00 00 00 00 00 00 00 00")).toBe("RESERVATION CONFLICT");
  await host.tell(outCdb(action.clear), keyList(1n));
  await other.tell("00");
  expect(await host.tell("56 00 00 00 00 00 00 00 00 00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("RESERVATION CONFLICT");
  expect(await host.tell(outCdb(action.register), keyList(0n, 1n))).toBe("RESERVATION CONFLICT");
  expect(await host.tell("57 00 00 00 00 00 00 00 00 00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("GOOD");
});
