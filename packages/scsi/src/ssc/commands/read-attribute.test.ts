/** READ ATTRIBUTE: the medium auxiliary memory as hosts see it. */
import { expect, test } from "vitest";
import { ascii, readBe } from "../../bytes.ts";
import {
  attributeList,
  readAttributeCdb,
  readAttributes,
  readIdentifiers,
  writeAttributes,
} from "../../testing-attributes.ts";
import { Initiator, hex, loadedDrive, pattern, testIdentity } from "../../testing-initiator.ts";
import { newTapeDrive } from "../new-tape-drive.ts";
import { decodeHistory } from "../accounts/volume-history.ts";

const mebibyte = 1024 * 1024;
const numberOf = (value: Uint8Array | undefined) =>
  value && [...value].reduce((sum, each) => sum * 256 + each, 0);
const textOf = (value: Uint8Array | undefined) => Buffer.from(value ?? []).toString();

test("values → device and medium attributes, read only, of their lengths and formats", async () => {
  const { host } = await loadedDrive({ capacityBytes: 48 * mebibyte });
  const attributes = await readAttributes(host);
  const told = [...attributes].map(
    ([identifier, { readOnly, format, value }]) =>
      `${identifier.toString(16)} ${readOnly} ${format} ${value.length}`,
  );
  expect(told).toEqual([
    "0 true 0 8",
    "1 true 0 8",
    "2 true 0 8",
    "3 true 0 8",
    "4 true 0 8",
    "5 true 1 8",
    "6 true 0 1",
    "7 true 0 2",
    "8 true 1 32",
    "9 true 0 4",
    "20a true 1 40",
    "220 true 0 8",
    "221 true 0 8",
    "222 true 0 8",
    "223 true 0 8",
    "400 true 1 8",
    "401 true 1 32",
    "402 true 0 4",
    "403 true 0 4",
    "404 true 1 8",
    "405 true 0 1",
    "407 true 0 8",
    "408 true 0 1",
    "409 true 0 2",
  ]);
  const numbers = [0, 1, 3, 4, 6, 7, 0x402, 0x405, 0x407, 0x408];
  expect(numbers.map((identifier) => numberOf(attributes.get(identifier)?.value))).toEqual([
    48, 48, 1, 16_384, 0x5e, 0, 960, 0x5e, 16_384, 0,
  ]);
  expect(textOf(attributes.get(0x05)?.value)).toBe("LTO-CVE ");
  expect(textOf(attributes.get(0x20a)?.value)).toBe("IBM     RH0000000001".padEnd(40));
});

test("capacity → MiB to the end of each partition from its end of data", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 48 * mebibyte });
  await medium.format([40 * mebibyte, 8 * mebibyte]);
  medium.partitionObjects[1] = [new Uint8Array(2 * mebibyte)];
  const capacities = async (partition: number) => {
    const attributes = await readAttributes(host, { partition });
    return [0, 1].map((identifier) => numberOf(attributes.get(identifier)?.value));
  };
  expect(await capacities(0)).toEqual([40, 40]);
  expect(await capacities(1)).toEqual([5, 8]);
});

test("WORM cartridge → medium type 80h", async () => {
  const { host } = await loadedDrive({ worm: true });
  expect((await readAttributes(host)).get(0x408)?.value).toEqual(Uint8Array.of(0x80));
});

test("TapeAlert flag raised → bit in attribute 0002h, and reading does not clear it", async () => {
  const { host, medium } = await loadedDrive();
  medium.faults.set("writeBlocks", "write");
  await host.tell("0a 00 00 00 04 00", pattern(4));
  for (let time = 0; time < 2; time++) {
    expect(hex((await readAttributes(host)).get(2)!.value)).toBe("0400000000000000");
  }
});

test("five drives → the last four, the latest first; loads and megabytes over all", async () => {
  const { host, drive, medium } = await loadedDrive();
  await host.tell("0a 00 1e 84 80 00", new Uint8Array(2_000_000));
  await drive.eject();
  let guest = host;
  for (const serialNumber of ["TWO", "THREE", "FOUR", "FIVE"]) {
    const next = newTapeDrive({ ...testIdentity, serialNumber });
    await next.load(medium);
    guest = new Initiator(next.logicalUnit);
    await guest.tell("00");
    if (serialNumber !== "FIVE") await next.eject();
  }
  const attributes = await readAttributes(guest);
  const drives = [0x20a, 0x20b, 0x20c, 0x20d].map((identifier) =>
    textOf(attributes.get(identifier)?.value.subarray(8)).trimEnd(),
  );
  expect(drives).toEqual(["FIVE", "FOUR", "THREE", "TWO"]);
  const totals = [3, 0x220, 0x221, 0x222].map((identifier) =>
    numberOf(attributes.get(identifier)?.value),
  );
  expect(totals).toEqual([5, 2, 0, 0]);
});

test("list → the identifiers that have a value; supported → those that may be written too", async () => {
  const { host } = await loadedDrive();
  await writeAttributes(host, attributeList([0x1623, 0, Uint8Array.of(1)]));
  const listed = await readIdentifiers(host, 0x01);
  expect(listed).toEqual([...(await readAttributes(host)).keys()]);
  const supported = await readIdentifiers(host, 0x05);
  expect(supported).toEqual([...supported].sort((one, other) => one - other));
  expect(supported).toEqual(expect.arrayContaining([...listed, 0x0800, 0x080c, 0x0821]));
});

test("logical volumes, partitions → their first number and count", async () => {
  const { host, medium } = await loadedDrive();
  await medium.format([1e9, 1e9, 1e9]);
  expect(hex((await host.send(readAttributeCdb({ serviceAction: 2 }))).data)).toBe("00020001");
  expect(hex((await host.send(readAttributeCdb({ serviceAction: 3 }))).data)).toBe("00020003");
});

test.each([0x00, 0x01, 0x02, 0x03, 0x05])(
  "allocation length, service action %d → cut there, AVAILABLE DATA as ever",
  async (serviceAction) => {
    const { host } = await loadedDrive();
    const whole = (await host.send(readAttributeCdb({ serviceAction }))).data;
    for (const allocationLength of [0, 1, 4, 5, 9, 11, 100]) {
      const { data } = await host.send(readAttributeCdb({ serviceAction, allocationLength }));
      expect(hex(data)).toBe(hex(whole.subarray(0, allocationLength)));
    }
  },
);

test("first attribute → from there on", async () => {
  const { host } = await loadedDrive();
  const identifiers = [...(await readAttributes(host, { first: 0x407 })).keys()];
  expect(identifiers).toEqual([0x407, 0x408, 0x409]);
});

test.each([
  ["first attribute without a value", "8c 00 00 00 00 00 00 00 08 0c 00 00 ff ff 00 00", "cdb 8"],
  ["first attribute of no type", "8c 00 00 00 00 00 00 00 03 ff 00 00 ff ff 00 00", "cdb 8"],
  ["another logical volume", "8c 00 00 00 00 01 00 00 00 00 00 00 ff ff 00 00", "cdb 5"],
  ["partition that is none", "8c 00 00 00 00 00 00 01 00 00 00 00 ff ff 00 00", "cdb 7"],
  ["service action that is none", "8c 04 00 00 00 00 00 00 00 00 00 00 ff ff 00 00", "cdb 1 bit 4"],
])("%s → INVALID FIELD IN CDB at %s: %s", async (_condition, cdb, field) => {
  const { host } = await loadedDrive();
  const told = await host.tell(cdb);
  expect(told.startsWith(`invalidFieldInCdb, ${field}`)).toBe(true);
});

test("no cartridge → MEDIUM NOT PRESENT", async () => {
  const { host, drive } = await loadedDrive();
  await drive.eject();
  expect(await host.tell(readAttributeCdb())).toBe("mediumNotPresent");
});

const changeReference = async (host: Initiator): Promise<number> => {
  const { data } = await host.send(readAttributeCdb({ first: 0x0009, allocationLength: 13 }));
  return readBe(data, 9, 4);
};
const write = (host: Initiator) => host.tell("0a 00 00 00 04 00", pattern(4));

test("volume change reference → never zero; changes with the first write after a load, not with a load", async () => {
  const { host, drive, medium } = await loadedDrive();
  const first = await changeReference(host);
  expect(first).toBeGreaterThan(0);
  await drive.eject();
  await drive.load(medium);
  await host.tell("00");
  expect(await changeReference(host)).toBe(first);
  await write(host);
  const second = await changeReference(host);
  expect(second).not.toBe(first);
});

test("volume change reference seen by a host → the next write changes it once, a sync of nothing does not", async () => {
  const { host } = await loadedDrive();
  await write(host);
  const seen = await changeReference(host);
  expect(await host.tell("10 00 00 00 00 00")).toBe("GOOD");
  expect(await changeReference(host)).toBe(seen);
  await write(host);
  await write(host);
  const next = await changeReference(host);
  expect(next).not.toBe(seen);
  expect(next).toBe(seen + 1);
});

test("volume change reference → on the medium before the data that changed it", async () => {
  const { host, medium } = await loadedDrive();
  const order: string[] = [];
  const synchronize = medium.synchronize.bind(medium);
  const keep = medium.writeAttributes.bind(medium);
  medium.synchronize = () => {
    order.push("data");
    return synchronize();
  };
  medium.writeAttributes = (...args) => {
    order.push("attributes");
    return keep(...args);
  };
  await write(host);
  await host.tell("10 00 00 00 01 00");
  await write(host);
  await host.tell("10 00 00 00 01 00");
  expect(order[0]).toBe("attributes");
  expect(order.filter((each) => each === "attributes")).toHaveLength(1);
});

test("FORMAT MEDIUM → change reference and initialization count change, durable before the data goes", async () => {
  const { host, medium } = await loadedDrive();
  const seen = await changeReference(host);
  let keptBefore = 0;
  const format = medium.format.bind(medium);
  medium.format = (capacities) => {
    keptBefore = medium.attributes(0).length;
    return format(capacities);
  };
  expect(await host.tell("04 00 00 00 00 00")).toBe("GOOD");
  expect(keptBefore).toBeGreaterThan(0);
  expect(await changeReference(host)).toBe(seen + 1);
  expect(numberOf((await readAttributes(host)).get(7)?.value)).toBe(1);
});

test("memory that cannot be written → TapeAlert 15 and 50, and the data is stored all the same", async () => {
  const { host, drive, medium } = await loadedDrive();
  medium.faults.set("writeAttributes", "write");
  await write(host);
  expect(await host.tell("10 00 00 00 01 00")).toBe("GOOD");
  expect(medium.synchronizedCount).toBe(2);
  expect(drive.alerts.active).toEqual(new Set([15, 50]));
});

test("history of another version → the volume's life begins again", async () => {
  const { host, drive, medium } = await loadedDrive();
  await drive.eject();
  await medium.writeAttributes(0, [
    { identifier: 0x0c01, format: 0, value: Uint8Array.of(9, 9, 9) },
    { identifier: 0x0806, format: 1, value: ascii("RHS001L8", 32) },
  ]);
  await drive.load(medium);
  await host.tell("00");
  const attributes = await readAttributes(host);
  expect(numberOf(attributes.get(3)?.value)).toBe(1);
  expect(attributes.has(0x0c01)).toBe(false);
  expect(attributes.get(0x0806)?.readOnly).toBe(false);
});

test("volume change reference told → durable before, so that no crash gives the same one to other data", async () => {
  const { host, medium } = await loadedDrive();
  await write(host);
  const seen = await changeReference(host);
  expect(decodeHistory(medium.attributes(0))?.volumeChangeReference).toBe(seen);
});

test.each([
  ["unloaded", "1b 00 00 00 00 00"],
  ["held", "1b 00 00 00 08 00"],
])("%s → the memory of the seated cartridge is read and written", async (_state, cdb) => {
  const { host, drive } = await loadedDrive();
  expect(await host.tell(cdb)).toBe("GOOD");
  const list = attributeList([0x0806, 1, ascii("RHS001L8", 32)]);
  expect((await writeAttributes(host, list)).status).toBe(0);
  const attributes = await readAttributes(host);
  expect(textOf(attributes.get(0x0806)?.value).trim()).toBe("RHS001L8");
  await drive.eject();
  expect(await host.tell(readAttributeCdb())).toBe("mediumNotPresent");
});

test("cleaning cartridge → its memory is read", async () => {
  const { host } = await loadedDrive({ barcode: "CLN001CU" });
  expect(await host.tell("00")).toBe("cleaningCartridgeInstalled");
  expect(textOf((await readAttributes(host)).get(0x0008)?.value).trim()).toBe("CLN001CU");
});
