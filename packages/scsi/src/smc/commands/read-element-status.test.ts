/** READ ELEMENT STATUS (SMC-3 6.11). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";
import { hex } from "../../testing-initiator.ts";

const all = "b8 10 00 00 ff ff 00 00 ff ff 00 00";

interface Page {
  readonly type: number;
  readonly descriptors: readonly Uint8Array[];
}

function pagesOf(report: Uint8Array): readonly Page[] {
  const pages: Page[] = [];
  for (let offset = 8; offset < report.length;) {
    const length = readBe(report, offset + 2, 2);
    const bytes = Math.min(readBe(report, offset + 5, 3), report.length - offset - 8);
    const start = offset + 8;
    const descriptors = Array.from({ length: bytes / length }, (_, index) =>
      report.subarray(start + index * length, start + (index + 1) * length),
    );
    pages.push({ type: report[offset]!, descriptors });
    offset = start + bytes;
  }
  return pages;
}

test("all types → a page each in order of address, lengths adding up", async () => {
  const { host } = await testChanger();
  const { data } = await host.send(all);
  expect(readBe(data, 2, 2)).toBe(10);
  expect(readBe(data, 5, 3)).toBe(data.length - 8);
  const pages = pagesOf(data);
  expect(pages.map(({ type, descriptors }) => [type, descriptors.length])).toEqual([
    [1, 1],
    [4, 2],
    [2, 5],
    [3, 2],
  ]);
  expect(pages.every(({ descriptors }) => descriptors.every((each) => each.length === 52))).toBe(
    true,
  );
});

test("storage → FULL and ACCESS, volume tag padded with spaces; empty → no tag", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("b8 12 4e 20 00 05 00 00 04 18 00 00");
  const [full, , empty] = pagesOf(data)[0]!.descriptors;
  expect(hex(full!.subarray(0, 12))).toBe("4e2009000000000000010000");
  expect(Buffer.from(full!.subarray(12, 44)).toString()).toBe("RHS001L8".padEnd(32));
  expect(hex(empty!)).toBe(`4e2208${"00".repeat(49)}`);
});

test("drive with a cartridge → SVALID and the slot it came from", async () => {
  const { host } = await testChanger();
  await host.tell("a5 00 00 00 4e 20 27 10 00 00 00 00");
  const { data } = await host.send("b8 14 27 10 00 01 00 00 04 18 00 00");
  const [drive] = pagesOf(data)[0]!.descriptors;
  expect(hex(drive!.subarray(0, 12))).toBe("271009000000000000814e20");
});

test("DVCID → the T10 designator of each drive", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("b8 04 27 10 00 02 01 00 04 18 00 00");
  const [, second] = pagesOf(data)[0]!.descriptors;
  expect(hex(second!.subarray(12, 16))).toBe("0201001c");
  expect(Buffer.from(second!.subarray(16)).toString()).toBe("IBM     ULT3580-TD8     RHD1");
});

test("no VOLTAG → 16 bytes a descriptor", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("b8 02 4e 20 00 05 00 00 04 18 00 00");
  expect(data.length).toBe(8 + 8 + 5 * 16);
});

test("import/export entered by an operator → IMPEXP, EXENAB, INENAB, ACCESS, FULL", async () => {
  const { host, robot } = await testChanger();
  robot.cartridges.set(30_000, "NEW001L8");
  robot.entered.add("NEW001L8");
  const { data } = await host.send("b8 03 75 30 00 02 00 00 04 18 00 00");
  expect(pagesOf(data)[0]!.descriptors.map((each) => each[2])).toEqual([0x3b, 0x38]);
});

test("allocation length of 8 → the header with the whole byte count", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("b8 10 00 00 ff ff 00 00 00 08 00 00");
  expect(hex(data)).toBe("0000000a00000228");
});

test("allocation length inside a descriptor → whole descriptors only", async () => {
  const { host } = await testChanger();
  const whole = (await host.send(all)).data;
  const { data } = await host.send("b8 10 00 00 ff ff 00 00 00 d0 00 00");
  expect(data.length).toBe(8 + (8 + 52) + (8 + 2 * 52));
  expect(hex(data)).toBe(hex(whole.subarray(0, data.length)));
});

test("from an address on, at most so many → just these", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("b8 00 4e 21 00 02 00 00 04 18 00 00");
  expect(pagesOf(data)[0]!.descriptors.map((each) => readBe(each, 0, 2))).toEqual([20_001, 20_002]);
});

test.each([
  ["element type 5", "b8 05 00 00 ff ff 00 00 ff ff 00 00", "invalidFieldInCdb, cdb 1 bit 3"],
  [
    "a reserved bit of byte 6",
    "b8 00 00 00 ff ff 04 00 ff ff 00 00",
    "invalidFieldInCdb, cdb 6 bit 2",
  ],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await testChanger();
  expect(await host.tell(cdb)).toBe(told);
});

test("no element from that address on → a report of none", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("b8 02 75 31 00 05 00 00 04 18 00 00");
  expect(hex(data)).toBe("0000000000000000");
});
