/** WRITE ATTRIBUTE: what hosts may write, the clamps, and that a refused list changes nothing. */
import { expect, test } from "vitest";
import { ascii, be, join } from "../../bytes.ts";
import {
  type Written,
  attributeList,
  readAttributes,
  writeAttributes,
} from "../../testing-attributes.ts";
import { hex, loadedDrive, pattern } from "../../testing-initiator.ts";

const vendor: Written = [0x0800, 1, ascii("RHS", 8)];
const name: Written = [0x0801, 1, ascii("backup", 32)];
const coherency = (set: number): Written => [
  0x080c,
  0,
  join(4, be(7, 4), be(set, 8), new Uint8Array(57)),
];

const told = async (answer: ReturnType<typeof writeAttributes>) => {
  const { outcome, field } = await answer;
  return field === undefined ? outcome : `${outcome}, ${field}`;
};

test("host attributes → read back, writable, in their formats; the data left no buffer held", async () => {
  const { host } = await loadedDrive();
  const list = attributeList(
    vendor,
    name,
    [0x0803, 2, ascii("Größe", 160)],
    [0x0805, 0, Uint8Array.of(0x81)],
    coherency(3),
    [0x1623, 0, Uint8Array.of(1)],
  );
  expect(await told(writeAttributes(host, list))).toBe("GOOD");
  expect(host.dataOutHeld).toBe(0);
  const attributes = await readAttributes(host, { first: 0x0800 });
  expect([...attributes.keys()]).toEqual([0x0800, 0x0801, 0x0803, 0x0805, 0x080c, 0x1623]);
  expect([...attributes.values()].every(({ readOnly }) => !readOnly)).toBe(true);
  expect(attributes.get(0x080c)?.value).toHaveLength(70);
});

test("attribute of length zero → removed; removing what is not there is GOOD", async () => {
  const { host } = await loadedDrive();
  await writeAttributes(host, attributeList(vendor, name));
  const list = attributeList([0x0800, 1, new Uint8Array()], [0x0806, 1, new Uint8Array()]);
  expect(await told(writeAttributes(host, list))).toBe("GOOD");
  expect([...(await readAttributes(host, { first: 0x0801 })).keys()]).toEqual([0x0801]);
});

test("coherency → of its partition; names → the volume's, wherever they were written", async () => {
  const { host, medium } = await loadedDrive();
  await medium.format([1e9, 1e9]);
  await writeAttributes(host, attributeList(coherency(1)), 0);
  await writeAttributes(host, attributeList(vendor, coherency(2)), 1);
  const setOf = async (partition: number) => {
    const attributes = await readAttributes(host, { partition, first: 0x0800 });
    return [attributes.get(0x080c)?.value[12], attributes.has(0x0800)];
  };
  expect(await setOf(0)).toEqual([1, true]);
  expect(await setOf(1)).toEqual([2, true]);
});

test("another load → host attributes are there", async () => {
  const { host, drive, medium } = await loadedDrive();
  await writeAttributes(host, attributeList(vendor));
  await drive.eject();
  await drive.load(medium);
  await host.tell("00");
  expect((await readAttributes(host)).get(0x0800)?.value).toEqual(vendor[2]);
});

test.each<readonly [condition: string, list: Uint8Array, field: string]>([
  ["read only", attributeList([0x0003, 0, be(1, 8)]), "data 4 bit 7"],
  ["read only medium attribute", attributeList([0x0400, 1, ascii("X", 8)]), "data 4 bit 7"],
  ["kept by the drive", attributeList([0x0c01, 0, be(1, 8)]), "data 4 bit 7"],
  ["no such attribute", attributeList([0x0822, 0, be(1, 8)]), "data 4 bit 7"],
  ["second one read only", attributeList(vendor, [0x0c00, 0, be(1, 4)]), "data 17 bit 7"],
  ["not ascending", attributeList(name, vendor), "data 41 bit 7"],
  ["twice", attributeList(vendor, vendor), "data 17 bit 7"],
  ["another format", attributeList([0x0800, 0, ascii("X", 8)]), "data 6 bit 1"],
  ["format 3", attributeList([0x1623, 3, be(1, 1)]), "data 6 bit 1"],
  ["too short", attributeList([0x0800, 1, ascii("X", 7)]), "data 7 bit 7"],
  ["too long", attributeList([0x0800, 1, ascii("X", 9)]), "data 7 bit 7"],
  ["text too long", attributeList([0x0803, 2, ascii("X", 161)]), "data 7 bit 7"],
  ["vendor specific too long", attributeList([0x1400, 0, new Uint8Array(1025)]), "data 7 bit 7"],
])("%s → INVALID FIELD IN PARAMETER LIST, nothing changed", async (_condition, list, field) => {
  const { host } = await loadedDrive();
  const before = [...(await readAttributes(host))];
  expect(await told(writeAttributes(host, list))).toBe(`invalidFieldInParameterList, ${field}`);
  expect([...(await readAttributes(host))]).toEqual(before);
});

test.each([
  ["a header only half there", Uint8Array.of(0, 0)],
  ["an attribute cut in its header", join(be(3, 4), be(0x0800, 2), 1)],
  ["a value cut short", join(be(9, 4), be(0x0800, 2), 1, be(8, 2), ascii("RHS", 4))],
  ["less than PARAMETER DATA LENGTH says", join(be(40, 4), attributeList(vendor).subarray(4))],
])("%s → PARAMETER LIST LENGTH ERROR, nothing changed", async (_condition, list) => {
  const { host } = await loadedDrive();
  expect(await told(writeAttributes(host, list))).toBe("parameterListLengthError");
  expect((await readAttributes(host)).has(0x0800)).toBe(false);
});

test("initiator that sends less than the CDB says → PARAMETER LIST LENGTH ERROR", async () => {
  const { host } = await loadedDrive();
  const list = attributeList(vendor);
  const answer = host.send("8d 00 00 00 00 00 00 00 00 00 00 00 00 20 00 00", list);
  expect((await answer).outcome).toBe("parameterListLengthError");
});

/** Sixteen of a KiB each, headers included: all there is room for. */
const fullMemory = Array.from({ length: 16 }, (_, index): Written => [
  0x1400 + index,
  0,
  new Uint8Array(1019),
]);

test("memory full → AUXILIARY MEMORY OUT OF SPACE, nothing changed; room again when some is removed", async () => {
  const { host } = await loadedDrive();
  expect(await told(writeAttributes(host, attributeList(...fullMemory)))).toBe("GOOD");
  const spaceOf = async () => hex((await readAttributes(host)).get(0x0004)!.value);
  expect(await spaceOf()).toBe(hex(be(16_384 - 16 * 1024, 8)));
  expect(await told(writeAttributes(host, attributeList(vendor)))).toBe(
    "auxiliaryMemoryOutOfSpace",
  );
  expect((await readAttributes(host)).has(0x0800)).toBe(false);
  const swapped = attributeList(vendor, [0x1400, 0, new Uint8Array()]);
  expect(await told(writeAttributes(host, swapped))).toBe("GOOD");
});

test("the same again in a full memory → GOOD: it takes no more room", async () => {
  const { host } = await loadedDrive();
  await writeAttributes(host, attributeList(...fullMemory));
  expect(await told(writeAttributes(host, attributeList(...fullMemory)))).toBe("GOOD");
});

test("write-protected cartridge → WRITE PROTECTED, TapeAlert 9", async () => {
  const { host, drive } = await loadedDrive({ writeProtected: true });
  expect(await told(writeAttributes(host, attributeList(vendor)))).toBe("writeProtected");
  expect(drive.alerts.active).toEqual(new Set([9]));
});

test.each([
  ["write", "auxiliaryMemoryWriteError"],
  ["full", "BUSY"],
] as const)("medium's fault %s → %s, nothing changed", async (fault, outcome) => {
  const { host, medium } = await loadedDrive();
  medium.faults.set("writeAttributes", fault);
  expect(await told(writeAttributes(host, attributeList(vendor)))).toBe(outcome);
  expect((await readAttributes(host)).has(0x0800)).toBe(false);
});

test.each([
  ["another logical volume", "8d 00 00 00 00 01 00 00 00 00 00 00 00 04 00 00", "cdb 5 bit 7"],
  ["partition that is none", "8d 00 00 00 00 00 00 04 00 00 00 00 00 04 00 00", "cdb 7 bit 7"],
])("%s → INVALID FIELD IN CDB: %s at %s", async (_condition, cdb, field) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb, be(0, 4))).toBe(`invalidFieldInCdb, ${field}`);
});

test("no parameters → GOOD", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("8d 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")).toBe("GOOD");
});

test("data in the buffer → stored first: coherency is never on the medium before what it speaks of", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  expect(await told(writeAttributes(host, attributeList(coherency(1))))).toBe("GOOD");
  expect(medium.synchronizedCount).toBe(1);
});

test("data in the buffer that cannot be stored → WRITE ERROR, no attribute is written", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await told(writeAttributes(host, attributeList(coherency(1))))).toBe("writeError");
  expect(medium.attributes(0).some(({ identifier }) => identifier === 0x080c)).toBe(false);
});
