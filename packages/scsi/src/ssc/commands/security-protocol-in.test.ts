/** SECURITY PROTOCOL IN (SPC-5 6.40, SSC-5 8.5.2). */
import { expect, test } from "vitest";
import { Initiator, hex, loadedDrive, pattern, testIdentity } from "../../testing-initiator.ts";
import { encryptionMode } from "../encryption/parameters.ts";
import { keyOf, readPage, setEncryption } from "../encryption/testing-encryption.ts";
import { newTapeDrive } from "../new-tape-drive.ts";

test("protocol 00h → the protocols there are, and no certificate", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send("a2 00 00 00 00 00 00 00 01 00")).data)).toBe("00000000000000020020");
  expect(hex((await host.send("a2 00 00 01 00 00 00 00 01 00")).data)).toBe("00000000");
});

test.each([
  ["another protocol", "a2 21 00 00 00 00 00 00 01 00", "invalidFieldInCdb, cdb 1 bit 7"],
  [
    "page of protocol 00h there is not",
    "a2 00 00 02 00 00 00 00 01 00",
    "invalidFieldInCdb, cdb 2 bit 7",
  ],
  [
    "key wrapping public key, 0031h",
    "a2 20 00 31 00 00 00 00 01 00",
    "invalidFieldInCdb, cdb 2 bit 7",
  ],
  ["INC_512", "a2 20 00 20 80 00 00 00 00 01", "invalidFieldInCdb, cdb 4 bit 7"],
])("%s → refused", async (_, cdb, outcome) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(outcome);
});

test("pages 0000h and 0001h → every page that answers", async () => {
  const { host } = await loadedDrive();
  expect(hex(await readPage(host, 0))).toBe("0000001000000001001000110012002000210030");
  expect(hex(await readPage(host, 1))).toBe("000100020010");
});

const capabilities = (algorithm: string) =>
  [
    "00100028",
    "05",
    "00".repeat(15),
    "01000014",
    algorithm,
    "0020003c0020e9",
    "00".repeat(7),
    "00010014",
  ].join("");

test("page 0010h with a volume → AES-256-GCM at index 1, valid for it", async () => {
  const { host } = await loadedDrive();
  expect(hex(await readPage(host, 0x10))).toBe(capabilities("ba98"));
});

test("page 0010h without a volume → AES-256-GCM, not valid for one", async () => {
  const host = new Initiator(newTapeDrive(testIdentity).logicalUnit);
  await host.send("00");
  await host.send("00");
  expect(hex(await readPage(host, 0x10))).toBe(capabilities("3a18"));
});

test("pages 0011h and 0012h → plain keys; lock, clearing and all three scopes", async () => {
  const { host } = await loadedDrive();
  expect(hex(await readPage(host, 0x11))).toBe("0011000100");
  expect(hex(await readPage(host, 0x12))).toBe(`0012000c01070007${"00".repeat(8)}`);
});

test("page 0020h before anything is set → public scope, nothing in force, counter 0", async () => {
  const { host } = await loadedDrive();
  expect(hex(await readPage(host, 0x20))).toBe(`002000140000000000000000100000000000000000000000`);
});

test("page 0020h → scopes, modes, counter, flags and descriptors, and not the key", async () => {
  const { host, other } = await loadedDrive();
  await setEncryption(host, {
    key: keyOf(0x5a),
    kadFormat: 2,
    kads: [
      [0, "name"],
      [1, "akad"],
    ],
  });
  const status = hex(await readPage(host, 0x20));
  const kads = "000100046e616d6501000004616b6164";
  expect(status).toBe(`00200024420202010000000113020000${"00".repeat(8)}${kads}`);
  expect(status).not.toContain("5a5a");
  expect(await other.tell("00")).toBe("dataEncryptionParametersChanged");
  // The other nexus has public scope and what everybody has.
  expect(hex(await readPage(other, 0x20)).slice(8, 16)).toBe("02020201");
});

test("allocation length → the page is cut to it", async () => {
  const { host } = await loadedDrive();
  expect(hex(await readPage(host, 0x20, 6))).toBe("002000140000");
});

test("page 0030h → 32 bytes, others each time", async () => {
  const { host } = await loadedDrive();
  const [first, second] = [await readPage(host, 0x30), await readPage(host, 0x30)];
  expect(hex(first.subarray(0, 4))).toBe("00300020");
  expect(first.length).toBe(36);
  expect(hex(first)).not.toBe(hex(second));
});

test("page 0021h without a volume → 2/3A/00", async () => {
  const host = new Initiator(newTapeDrive(testIdentity).logicalUnit);
  await host.send("00");
  expect(await host.tell("a2 20 00 21 00 00 00 00 01 00")).toBe("mediumNotPresent");
});

/** ENCRYPTION STATUS, algorithm and flags of the next block. */
const nextBlock = async (host: Initiator) => hex((await readPage(host, 0x21)).subarray(12, 15));

test("page 0021h → what the next object is, position and leases as before", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 64 00", pattern(100));
  await setEncryption(host, { kads: [[0, "name"]], kadFormat: 2 });
  await host.tell("0a 00 00 00 64 00", pattern(100));
  await host.tell("10 00 00 00 01 00");
  expect(await nextBlock(host)).toBe("020000");
  await host.tell("2b 00 00 00 00 00 02 00 00 00");
  expect(await nextBlock(host)).toBe("020000");
  await host.tell("2b 00 00 00 00 00 01 00 00 00");
  const page = hex(await readPage(host, 0x21));
  expect(page).toBe("00210014000000000000000105010102000100046e616d65");
  await setEncryption(host, { key: keyOf(9) });
  expect(await nextBlock(host)).toBe("060101");
  await setEncryption(host, { encryptionMode: encryptionMode.disable, decryptionMode: 0 });
  expect(await nextBlock(host)).toBe("060101");
  await host.tell("01");
  expect(await nextBlock(host)).toBe("030000");
  expect([medium.at, medium.leases]).toEqual([0, 0]);
});

test("page 0021h, next object cannot be read now → status 1, not an error", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 64 00", pattern(100));
  await host.tell("01");
  medium.faults.set("read", "recall");
  expect(await nextBlock(host)).toBe("010000");
});
