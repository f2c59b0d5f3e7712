/** LOAD UNLOAD (SSC-5 7.2), TEST UNIT READY and what the changer may do. */
import { expect, test } from "vitest";
import { loadedDrive, pattern } from "../../testing-initiator.ts";
import { decodeHistory } from "../accounts/volume-history.ts";

const unload = "1b 00 00 00 00 00";
const load = "1b 00 00 00 01 00";

test("unload → MEDIUM NOT PRESENT from then on, the cartridge stays seated", async () => {
  const { host, drive, medium } = await loadedDrive();
  expect(await host.tell(unload)).toBe("GOOD");
  expect(await host.tell("00")).toBe("mediumNotPresent");
  expect(await host.tell("08 00 00 00 04 00")).toBe("mediumNotPresent");
  expect(drive.state).toBe("unloaded");
  expect(drive.medium).toBe(medium);
});

test("load after unload → ready at BOP; the others are told", async () => {
  const { host, other, medium } = await loadedDrive();
  medium.objects = [pattern(4)];
  medium.at = 1;
  await host.tell(unload);
  expect(await host.tell(load)).toBe("GOOD");
  expect(medium.at).toBe(0);
  expect(await host.tell("00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("notReadyToReadyChange");
});

test("load of a ready medium, with RETEN too → rewound, nobody is told", async () => {
  const { host, other, medium } = await loadedDrive();
  medium.objects = [pattern(4)];
  medium.at = 1;
  expect(await host.tell("1b 00 00 00 03 00")).toBe("GOOD");
  expect(medium.at).toBe(0);
  expect(await other.tell("00")).toBe("GOOD");
});

test("unload while any nexus prevents it → MEDIUM REMOVAL PREVENTED, until it allows", async () => {
  const { host, other, drive } = await loadedDrive();
  await other.tell("1e 00 00 00 01 00");
  expect(await host.tell(unload)).toBe("mediumRemovalPrevented");
  expect(await drive.eject()).toEqual({ kind: "refused", reason: "medium removal prevented" });
  await other.tell("1e 00 00 00 00 00");
  expect(await host.tell(unload)).toBe("GOOD");
});

test("unload after a write → stored first; a failure is told once, then it unloads", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await host.tell(unload)).toBe("writeError");
  expect(await host.tell("00")).toBe("GOOD");
  expect(await host.tell(unload)).toBe("GOOD");
});

test.each([
  ["EOT with LOAD", "1b 00 00 00 05 00", "invalidFieldInCdb, cdb 4 bit 2"],
  ["EOT", "1b 00 00 00 04 00", "invalidFieldInCdb, cdb 4 bit 2"],
])("%s → INVALID FIELD IN CDB", async (_field, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(told);
});

test("empty drive → MEDIUM NOT PRESENT for load and unload", async () => {
  const { host, drive } = await loadedDrive();
  await drive.eject();
  expect(await host.tell(load)).toBe("mediumNotPresent");
  expect(await host.tell(unload)).toBe("mediumNotPresent");
  expect(await drive.eject()).toEqual({ kind: "refused", reason: "empty" });
});

test("fault when rewinding for load → told, still not ready", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell(unload);
  medium.faults.set("locate", "read");
  expect(await host.tell(load)).toBe("unrecoveredReadError");
  expect(await host.tell("00")).toBe("mediumNotPresent");
});

test.each([
  ["load", "1b 00 00 00 09 00"],
  ["unload", "1b 00 00 00 08 00"],
])(
  "HOLD with %s → NOT READY, initializing command required; LOAD makes it ready",
  async (_verb, cdb) => {
    const { host, other } = await loadedDrive();
    await other.tell("1e 00 00 00 01 00");
    expect(await host.tell(cdb)).toBe("GOOD");
    expect(await host.tell("00")).toBe("initializingCommandRequired");
    expect(await host.tell(load)).toBe("GOOD");
    expect(await host.tell("00")).toBe("GOOD");
  },
);

test.each(["1b 00 00 00 00 00", "1b 00 00 00 08 00"])(
  "%s → the volume's account is kept with it, as by an eject",
  async (cdb) => {
    const { drive, host, medium } = await loadedDrive();
    await host.tell("0a 00 00 00 04 00", pattern(4));
    await host.tell("10 00 00 00 00 00");
    await host.tell("01 00 00 00 00 00");
    await host.send("08 00 00 00 04 00");
    expect(decodeHistory(medium.attributes(0))?.bytesRead).toBe(0);
    expect(await host.tell(cdb)).toBe("GOOD");
    expect(decodeHistory(medium.attributes(0))).toEqual(drive.mount.history);
    expect(drive.mount.history.bytesRead).toBe(4);
  },
);

test("unload of a cartridge whose memory cannot be written → GOOD all the same", async () => {
  const { drive, host, medium } = await loadedDrive();
  medium.faults.set("writeAttributes", "write");
  expect(await host.tell(unload)).toBe("GOOD");
  expect(drive.state).toBe("unloaded");
});

test("load in another partition → the beginning of partition 0", async () => {
  const { host, medium } = await loadedDrive();
  await medium.format([5e11, 5e11]);
  expect(await host.tell("2b 02 00 00 00 00 00 00 01 00")).toBe("GOOD");
  expect(medium.partition).toBe(1);
  expect(await host.tell(load)).toBe("GOOD");
  expect(medium.partition).toBe(0);
});

test("LOAD that has no room for what must be stored → BUSY, and the cartridge is not threaded", async () => {
  const { drive, host, medium } = await loadedDrive();
  await host.tell("1b 00 00 00 00 00");
  medium.faults.set("locate", "full");
  expect(await host.tell("1b 00 00 00 01 00")).toBe("BUSY");
  expect(drive.state).toBe("unloaded");
});
