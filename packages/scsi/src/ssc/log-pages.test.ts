/** The drive's log pages: framing of all of them, and what each tells. */
import { expect, test } from "vitest";
import { readBe } from "../bytes.ts";
import { standAlone, volatileStore } from "../device-ports.ts";
import { tapeAlert } from "../tape-alerts.ts";
import { counterOf, readLogPage } from "../testing-log-pages.ts";
import { hex, loadedDrive, Initiator, pattern, testIdentity } from "../testing-initiator.ts";
import { FakeMedium } from "../testing-medium.ts";
import { newTapeDrive } from "./new-tape-drive.ts";

const megabytes = (count: number) => new Uint8Array(count * 1_000_000);
const write2MB = "0a 00 1e 84 80 00";
const read2MB = "08 00 1e 84 80 00";
const rewind = "01 00 00 00 00 00";

const textOf = (value: Uint8Array | undefined) =>
  Buffer.from(value ?? [])
    .toString()
    .trimEnd();

test.each(["loaded", "unloaded", "empty"])(
  "every page, drive %s → framed as SPC-5 says",
  async (state) => {
    const { host, drive, medium } = await loadedDrive();
    medium.faults.set("read", "read");
    await host.tell(read2MB);
    if (state === "unloaded") await host.tell("1b 00 00 00 00 00");
    if (state === "empty") await drive.eject();
    for (const { pageCode } of drive.logPages) {
      expect((await readLogPage(host, pageCode)).pageCode).toBe(pageCode);
    }
  },
);

test("pages that have nothing to tell → not in the list of supported pages", async () => {
  const { host, medium } = await loadedDrive();
  medium.faults.set("read", "read");
  await host.tell(read2MB);
  const { data } = await host.send("4d 00 40 00 00 00 00 00 ff 00");
  const supported = [...data.subarray(4)].filter((code) => code !== 0);
  const empty: number[] = [];
  for (const code of supported)
    if ((await readLogPage(host, code)).parameters.size === 0) empty.push(code);
  // Service Buffers Information without descriptors says that there are no service buffers.
  expect(empty).toEqual([0x15]);
});

test.each([0, 1, 3, 4, 5, 11, 12])("allocation length %d → the page cut there", async (length) => {
  const { host, drive } = await loadedDrive();
  for (const { pageCode } of drive.logPages.filter((page) => page.pageCode !== 0x2e)) {
    const cdb = (allocation: string) =>
      `4d 00 ${(0x40 | pageCode).toString(16)} 00 00 00 00 ${allocation} 00`;
    const whole = (await host.send(cdb("ff ff"))).data;
    const cut = (await host.send(cdb(`00 ${length.toString(16).padStart(2, "0")}`))).data;
    expect(hex(cut)).toBe(hex(whole.subarray(0, length)));
  }
});

test("error counters → bytes and errors of this load", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell(write2MB, megabytes(2));
  medium.faults.set("writeBlocks", "write");
  await host.tell("0a 00 00 00 04 00", pattern(4));
  const page = await readLogPage(host, 0x02);
  expect([...page.parameters.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([5, 6].map((code) => counterOf(page, code))).toEqual([2_000_000, 1]);
  expect(counterOf(await readLogPage(host, 0x03), 6)).toBe(0);
});

test("sequential-access device → bytes to and from hosts, capacities of the partition", async () => {
  const { host } = await loadedDrive({ capacityBytes: 100_000_000 });
  await host.tell(write2MB, megabytes(2));
  await host.tell(rewind);
  await host.send("08 00 00 00 64 00");
  const page = await readLogPage(host, 0x0c);
  expect([0, 1, 2, 3, 4, 5, 6, 7, 0x100].map((code) => counterOf(page, code))).toEqual([
    2_000_000, 2_000_000, 100, 100, 2, 83, 16, 2, 0,
  ]);
});

test("LOG SELECT sets one page back → its counters begin again, other pages and the volume's life go on", async () => {
  const { host } = await loadedDrive();
  await host.tell(write2MB, megabytes(2));
  expect(await host.tell("4c 02 c2 00 00 00 00 00 00 00")).toBe("GOOD");
  await host.tell("0a 00 00 00 04 00", pattern(4));
  expect(counterOf(await readLogPage(host, 0x02), 5)).toBe(4);
  expect(counterOf(await readLogPage(host, 0x0c), 0)).toBe(2_000_004);
  expect(counterOf(await readLogPage(host, 0x17), 0x10)).toBe(2);
});

test("TapeAlert set back by LOG SELECT → no flag is raised", async () => {
  const { host, medium, drive } = await loadedDrive();
  medium.faults.set("read", "read");
  await host.tell("08 00 00 00 04 00");
  expect(drive.alerts.active.size).toBe(1);
  await host.tell("4c 02 ee 00 00 00 00 00 00 00");
  expect(drive.alerts.active.size).toBe(0);
});

test("temperature → not valid, rather than invented", async () => {
  const { host } = await loadedDrive();
  expect(hex((await readLogPage(host, 0x0d)).parameters.get(0)!)).toBe("00ff");
});

test("DT device status → bits of the drive's state", async () => {
  const { host, drive } = await loadedDrive();
  const bits = async () => hex((await readLogPage(host, 0x11)).parameters.get(0)!);
  expect(await bits()).toBe("31170000");
  await host.tell("1e 00 00 00 01 00");
  expect(await bits()).toBe("b1170000");
  await host.tell("1e 00 00 00 00 00");
  await host.tell("1b 00 00 00 00 00");
  expect(await bits()).toBe("11340000");
  await drive.eject();
  expect(await bits()).toBe("11200000");
});

test("TapeAlert → told once to each nexus; the response page tells it always", async () => {
  const { host, other, medium } = await loadedDrive();
  medium.faults.set("writeBlocks", "write");
  await host.tell("0a 00 00 00 04 00", pattern(4));
  const flagsFor = async (who: typeof host) => {
    const { parameters } = await readLogPage(who, 0x2e);
    expect(parameters.size).toBe(64);
    return [...parameters].filter(([, value]) => value[0] === 1).map(([code]) => code);
  };
  expect(await flagsFor(host)).toEqual([tapeAlert.writeFailure]);
  expect(await flagsFor(host)).toEqual([]);
  expect(await flagsFor(other)).toEqual([tapeAlert.writeFailure]);
  expect(hex((await readLogPage(host, 0x12)).parameters.get(0)!)).toBe("0400000000000000");
  expect(hex((await readLogPage(host, 0x2f)).parameters.get(0)!)).toBe("5d00ff");
});

test("no TapeAlert → no informational exception, no recovery requested", async () => {
  const { host } = await loadedDrive();
  expect(hex((await readLogPage(host, 0x2f)).parameters.get(0)!)).toBe("0000ff");
  expect(hex((await readLogPage(host, 0x13)).parameters.get(0)!)).toBe("00");
});

test("device statistics → over restarts of the drive, with the hours it was on", async () => {
  const store = volatileStore();
  let nowMs = 0;
  const ports = { ...standAlone(), store, nowMs: () => nowMs };
  const live = async () => {
    const drive = newTapeDrive(testIdentity, ports);
    const medium = new FakeMedium();
    await drive.load(medium);
    const host = new Initiator(drive.logicalUnit);
    await host.tell("00");
    medium.faults.set("read", "read");
    await host.tell("08 00 00 00 04 00");
    nowMs += 2 * 3_600_000;
    await drive.eject();
    return readLogPage(host, 0x14);
  };
  const codes = [0, 1, 2, 0x0c, 0x0e, 0x0f];
  const first = await live();
  expect(codes.map((code) => counterOf(first, code))).toEqual([1, 0, 2, 1, 0, 1]);
  const second = await live();
  expect(codes.map((code) => counterOf(second, code))).toEqual([2, 0, 4, 2, 0, 2]);
  expect(textOf(second.parameters.get(0x41))).toBe("RH0000000001");
});

test("store with something else under its name → the counts begin at zero", async () => {
  const store = volatileStore();
  await store.put("lifetime", JSON.stringify({ volumeLoads: -1, powerCycles: "7", other: 3 }));
  const drive = newTapeDrive(testIdentity, { ...standAlone(), store, nowMs: () => 0 });
  expect([drive.lifetime.volumeLoads, drive.lifetime.powerCycles]).toEqual([0, 1]);
});

test("failures → tape diagnostic data, the latest first, repeats counted once", async () => {
  const { host, medium } = await loadedDrive();
  for (const fault of ["read", "read", "recall"] as const) {
    medium.faults.set("read", fault);
    await host.tell("08 00 00 00 04 00");
  }
  const { parameters } = await readLogPage(host, 0x16);
  const told = [...parameters.values()].map((value) => [value[9], value[10], value[11], value[24]]);
  expect(told).toEqual([
    [0x04, 0x44, 0x00, 0x08],
    [0x83, 0x11, 0x00, 0x08],
  ]);
  expect([...parameters.values()].map((value) => value.length)).toEqual([68, 68]);
  expect(textOf(parameters.get(0)!.subarray(28, 60))).toBe("RHS001L8");
});

test("volume statistics → this mount and the volume's life, over drives", async () => {
  const { host, drive, medium } = await loadedDrive({ capacityBytes: 100_000_000_000 });
  await host.tell(write2MB, megabytes(2));
  await host.tell(rewind);
  await host.send(read2MB);
  const first = await readLogPage(host, 0x17);
  const codes = [1, 2, 7, 4, 9, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x16, 0x17, 0x100, 0x101];
  expect(codes.map((code) => counterOf(first, code))).toEqual([
    1, 1, 1, 0, 0, 0, 0, 2, 2, 2, 2, 100_000, 2, 1, 1,
  ]);
  expect(textOf(first.parameters.get(0x42))).toBe("RHS001L8");
  await drive.eject();
  const next = newTapeDrive({ ...testIdentity, serialNumber: "OTHER" });
  await next.load(medium);
  const guest = new Initiator(next.logicalUnit);
  await guest.tell("00");
  const second = await readLogPage(guest, 0x17);
  expect(codes.map((code) => counterOf(second, code))).toEqual([
    2, 1, 1, 0, 0, 0, 0, 0, 0, 2, 2, 100_000, 2, 1, 1,
  ]);
});

test("volume statistics → a record of each partition", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 100_000_000_000 });
  await medium.format([90_000_000_000, 10_000_000_000]);
  await host.tell(write2MB, megabytes(2));
  const { parameters } = await readLogPage(host, 0x17);
  const records = (code: number) => {
    const value = parameters.get(code)!;
    expect([value.length, value[0], value[8]]).toEqual([16, 7, 7]);
    return [0, 8].map((at) => [readBe(value, at + 2, 2), readBe(value, at + 4, 4)]);
  };
  expect(records(0x0202)).toEqual([
    [0, 90_000],
    [1, 10_000],
  ]);
  expect(records(0x0203)).toEqual([
    [0, 2],
    [1, 0],
  ]);
  expect(records(0x0204)).toEqual([
    [0, 89_997],
    [1, 10_000],
  ]);
});

test("volume statistics without a medium → page not valid, nothing else", async () => {
  const { host, drive } = await loadedDrive();
  await drive.eject();
  const { parameters } = await readLogPage(host, 0x17);
  expect([...parameters].map(([code, value]) => [code, value[0]])).toEqual([[0, 0]]);
});

test("data compression → what the vault reached, bytes of this mount, and whether it is on", async () => {
  const { host, medium } = await loadedDrive();
  medium.compression = { inBytes: 300, outBytes: 200 };
  await host.tell(write2MB, megabytes(2));
  const page = await readLogPage(host, 0x1b);
  expect([0, 1, 2, 6, 7, 8, 9, 0x100].map((code) => counterOf(page, code))).toEqual([
    0, 150, 0, 2, 0, 2, 0, 1,
  ]);
  expect(counterOf(await readLogPage(host, 0x32), 1)).toBe(150);
  medium.compression = { inBytes: 0, outBytes: 0 };
  expect(counterOf(await readLogPage(host, 0x1b), 1)).toBe(0);
});

test("tape usage → the volume statistics under the same codes", async () => {
  const { host } = await loadedDrive();
  await host.tell(write2MB, megabytes(2));
  const usage = await readLogPage(host, 0x30);
  const statistics = await readLogPage(host, 0x17);
  expect(usage.parameters.size).toBe(11);
  for (const [code, value] of usage.parameters) {
    expect(value).toEqual(statistics.parameters.get(code));
  }
});

test("tape capacity → MiB from end of data to the end, and in all, of two partitions, wherever it stands", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 48 * 1024 * 1024 });
  await medium.format([40 * 1024 * 1024, 8 * 1024 * 1024]);
  medium.objects = [new Uint8Array(8 * 1024 * 1024)];
  const page = await readLogPage(host, 0x31);
  expect([1, 2, 3, 4].map((code) => counterOf(page, code))).toEqual([31, 8, 40, 8]);
});

test("tape device statistics → alerts, the drive's loads, the volume's loads", async () => {
  const { host } = await loadedDrive();
  const page = await readLogPage(host, 0x3e);
  expect([0x7000, 0x8000, 0x8004, 0x9000].map((code) => counterOf(page, code))).toEqual([
    0, 1, 0, 1,
  ]);
});
