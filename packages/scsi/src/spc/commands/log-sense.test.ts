/** LOG SENSE (SPC-5 6.9). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { hex, loadedDrive, pattern } from "../../testing-initiator.ts";
import { testChanger } from "../../testing-changer.ts";

/** The parameters of a page, by code. */
function parametersOf(page: Uint8Array): Map<number, Uint8Array> {
  const parameters = new Map<number, Uint8Array>();
  for (let offset = 4; offset < page.length; offset += 4 + page[offset + 3]!) {
    const start = offset + 4;
    parameters.set(readBe(page, offset, 2), page.subarray(start, start + page[offset + 3]!));
  }
  return parameters;
}

test("supported pages → all, in order; with subpages by FFh", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send("4d 00 40 00 00 00 00 00 ff 00")).data)).toBe("00000005000c172e31");
  expect(hex((await host.send("4d 00 40 ff 00 00 00 00 ff 00")).data)).toBe(
    "40ff0014000000ff0c000cff170017ff2e002eff310031ff",
  );
  expect(hex((await host.send("4d 00 57 ff 00 00 00 00 ff 00")).data)).toBe("57ff0004170017ff");
});

test("TapeAlert → 64 flags; a raised one is told once to each nexus", async () => {
  const { host, other, medium } = await loadedDrive();
  medium.faults.set("writeBlocks", "write");
  await host.tell("0a 00 00 00 04 00", pattern(4));
  const flagsFor = async (who: typeof host) => {
    const { data } = await who.send("4d 00 6e 00 00 00 00 ff ff 00");
    expect(data.length).toBe(4 + 64 * 5);
    return [...parametersOf(data)].filter(([, value]) => value[0] === 1).map(([code]) => code);
  };
  expect(await flagsFor(host)).toEqual([6]);
  expect(await flagsFor(host)).toEqual([]);
  expect(await flagsFor(other)).toEqual([6]);
});

test("volume statistics → this mount's megabytes, capacity and barcode; without a medium → page not valid", async () => {
  const { host, drive } = await loadedDrive({ capacityBytes: 100_000_000_000 });
  await host.tell("0a 00 1e 84 80 00", new Uint8Array(2_000_000));
  const page = parametersOf((await host.send("4d 00 57 00 00 00 00 ff ff 00")).data);
  expect(readBe(page.get(0x000e)!, 0, 4)).toBe(2);
  expect(readBe(page.get(0x0016)!, 0, 4)).toBe(100_000);
  expect(Buffer.from(page.get(0x0042)!).toString().trim()).toBe("RHS001L8");
  expect(hex(page.get(0x0202)!)).toBe("07000000000186a0");
  await drive.eject();
  const empty = parametersOf((await host.send("4d 00 57 00 00 00 00 ff ff 00")).data);
  expect([...empty].map(([code, value]) => [code, value[0]])).toEqual([[0, 0]]);
});

test("sequential-access device page → bytes written and read", async () => {
  const { host } = await loadedDrive();
  await host.tell("0a 00 00 00 64 00", pattern(100));
  await host.tell("01 00 00 00 00 00");
  await host.send("08 00 00 00 64 00");
  const page = parametersOf((await host.send("4d 00 4c 00 00 00 00 ff ff 00")).data);
  expect([...page.values()].map((value) => readBe(value.subarray(2), 0, 6))).toEqual([
    100, 100, 100, 100,
  ]);
});

test("tape capacity → MiB left after the position, and in all", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 48 * 1024 * 1024 });
  medium.objects = [new Uint8Array(8 * 1024 * 1024)];
  medium.at = 1;
  const page = parametersOf((await host.send("4d 00 71 00 00 00 00 ff ff 00")).data);
  expect([1, 3].map((code) => readBe(page.get(code)!, 0, 4))).toEqual([39, 48]);
});

test("PC → thresholds no counter can meet, defaults zero, lists as they are", async () => {
  const { host } = await loadedDrive();
  await host.tell("0a 00 00 00 64 00", pattern(100));
  const first = async (pc: string) => {
    const { data } = await host.send(`4d 00 ${pc} 00 00 00 00 00 10 00`);
    return hex(data.subarray(8));
  };
  expect(await first("0c")).toBe("ffffffffffffffff");
  expect(await first("4c")).toBe("0000000000000064");
  expect(await first("8c")).toBe("ffffffffffffffff");
  expect(await first("cc")).toBe("0000000000000000");
  const { data } = await host.send("4d 00 2e 00 00 00 00 00 09 00");
  expect(data[8]).toBe(0);
});

test("parameter pointer → the parameters from there on; beyond the last → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("4d 00 6e 00 00 00 3f ff ff 00");
  expect([...parametersOf(data).keys()]).toEqual([63, 64]);
  expect(await host.tell("4d 00 6e 00 00 00 41 ff ff 00")).toBe("invalidFieldInCdb, cdb 5 bit 7");
});

test("allocation length → cut, with the length of the whole page in the header", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send("4d 00 6e 00 00 00 00 00 06 00")).data)).toBe("2e0001400001");
});

test.each([
  ["SP", "4d 01 40 00 00 00 00 00 ff 00", "savingParametersNotSupported"],
  ["unknown page", "4d 00 7e 00 00 00 00 00 ff 00", "invalidFieldInCdb, cdb 2 bit 5"],
  ["unknown subpage", "4d 00 6e 01 00 00 00 00 ff 00", "invalidFieldInCdb, cdb 3 bit 7"],
  [
    "unknown subpage of page 00h",
    "4d 00 40 01 00 00 00 00 ff 00",
    "invalidFieldInCdb, cdb 3 bit 7",
  ],
  ["pointer with page 00h", "4d 00 40 00 00 00 01 00 ff 00", "invalidFieldInCdb, cdb 5 bit 7"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(told);
});

test("changer → pages 00h and 2Eh", async () => {
  const { host } = await testChanger();
  expect(hex((await host.send("4d 00 40 00 00 00 00 00 ff 00")).data)).toBe("00000002002e");
});
