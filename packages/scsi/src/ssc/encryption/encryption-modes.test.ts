/** What READ and WRITE do in each encryption and decryption mode (SSC-5 4.2.22). */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { type Bench, hex, loadedDrive, pattern } from "../../testing-initiator.ts";
import { decryptionMode, encryptionMode } from "./parameters.ts";
import { type PageFields, control, keyOf, setEncryption } from "./testing-encryption.ts";

const block = pattern(1000);
const write = "0a 00 00 03 e8 00";
const read = "08 00 00 03 e8 00";

/** A medium with one block enciphered with key 1, rewound. */
async function withEnciphered(fields: PageFields = {}): Promise<Bench> {
  const bench = await loadedDrive();
  await setEncryption(bench.host, fields);
  expect(await bench.host.tell(write, block)).toBe("GOOD");
  expect(await bench.host.tell("01")).toBe("GOOD");
  return bench;
}

/** The bytes of the object with that number, as they lie on the medium. */
function storedAt({ medium }: Bench, index: number): Uint8Array {
  const object = medium.objects[index];
  assert(object instanceof Uint8Array);
  return object;
}

async function setBlockLength({ host }: Bench, length: number): Promise<void> {
  const list = Buffer.from(`0000100800000000${length.toString(16).padStart(8, "0")}`, "hex");
  expect(await host.tell("15 10 00 00 0c 00", list)).toBe("GOOD");
}

test("ENCRYPT → the medium gets nothing of the block's bytes, marked; DECRYPT gives them back", async () => {
  const bench = await withEnciphered();
  const { host, medium } = bench;
  const stored = storedAt(bench, 0);
  expect(medium.enciphered.has(stored)).toBe(true);
  expect(stored.length).toBe(block.length + 63);
  expect(hex(stored).includes(hex(block.subarray(0, 8)))).toBe(false);
  const answer = await host.send(read);
  expect(answer.outcome).toBe("GOOD");
  expect(hex(answer.data)).toBe(hex(block));
  expect([medium.leases, host.dataOutHeld]).toEqual([0, 0]);
});

test("the same block twice → different bytes on the medium", async () => {
  const bench = await withEnciphered();
  const { host } = bench;
  await host.tell("11 03 00 00 00 00");
  await host.tell(write, block);
  const [first, second] = [storedAt(bench, 0), storedAt(bench, 1)];
  expect(hex(first.subarray(63))).not.toBe(hex(second.subarray(63)));
});

test("length asked for is not the block's → ILI and residue of the host's length, not the container's", async () => {
  const { host } = await withEnciphered();
  expect(await host.tell("08 00 00 04 00 00")).toBe("noSense, ILI, information 24");
  await host.tell("01");
  const answer = await host.send("08 02 00 00 0a 00");
  expect([answer.outcome, hex(answer.data)]).toEqual(["GOOD", hex(block.subarray(0, 10))]);
});

test("fixed blocks → each enciphered by itself, and read back", async () => {
  const bench = await loadedDrive({ waits: true });
  const { host, medium } = bench;
  await setEncryption(host);
  await setBlockLength(bench, 250);
  expect(await host.tell("0a 01 00 00 04 00", block)).toBe("GOOD");
  expect(medium.objects.map((object) => object.length)).toEqual([313, 313, 313, 313]);
  await host.tell("01");
  const answer = await host.send("08 01 00 00 04 00");
  expect([answer.outcome, hex(answer.data)]).toEqual(["GOOD", hex(block)]);
  expect(medium.leases).toBe(0);
});

test("a transfer of many turns of the event loop → the same bytes", async () => {
  const bench = await loadedDrive();
  const { host } = bench;
  await setEncryption(host);
  await setBlockLength(bench, 1024 * 1024);
  const large = randomBytes(10 * 1024 * 1024);
  expect(await host.tell("0a 01 00 00 0a 00", large)).toBe("GOOD");
  await host.tell("01");
  const answer = await host.send("08 01 00 00 0a 00");
  expect(answer.outcome).toBe("GOOD");
  expect(Buffer.compare(answer.data, large)).toBe(0);
});

const off = { encryptionMode: encryptionMode.disable } as const;
const refusals: readonly (readonly [string, PageFields, PageFields, string])[] = [
  ["DISABLE", {}, { ...off, decryptionMode: decryptionMode.disable }, "unableToDecryptData"],
  ["ENCRYPT and DISABLE", {}, { decryptionMode: decryptionMode.disable }, "unableToDecryptData"],
  ["DECRYPT, another key", {}, { key: keyOf(2) }, "incorrectDataEncryptionKey"],
  [
    "MIXED, another key",
    {},
    { key: keyOf(2), decryptionMode: decryptionMode.mixed },
    "incorrectDataEncryptionKey",
  ],
  [
    "RAW, block not for it",
    {},
    { ...off, decryptionMode: decryptionMode.raw },
    "encryptedBlockNotRawReadEnabled",
  ],
  ["CEEM EXTERNAL, block of ENCRYPT", {}, { control: 0x80 }, "encryptionModeMismatchOnRead"],
];

test.each(refusals)(
  "%s → refused, position before the block, INFORMATION the residue",
  async (_, written, reading, sense) => {
    const { host, medium } = await withEnciphered(written);
    await setEncryption(host, reading);
    expect(await host.tell(read)).toBe(`${sense}, information 1000`);
    expect([medium.at, medium.leases]).toEqual([0, 0]);
  },
);

test("damaged container → 7/74/04, position before the block", async () => {
  const bench = await withEnciphered();
  const { host, medium } = bench;
  const stored = storedAt(bench, 0);
  stored[500]! ^= 1;
  expect(await host.tell(read)).toBe("cryptographicIntegrityFailed, information 1000");
  expect(medium.at).toBe(0);
});

test("fixed READ over a block that is refused → the blocks before it, then the sense; position before it", async () => {
  const bench = await loadedDrive();
  const { host, medium } = bench;
  await setEncryption(host);
  await setBlockLength(bench, 500);
  await host.tell("0a 01 00 00 02 00", block);
  await setEncryption(host, { key: keyOf(2) });
  await host.tell("0a 01 00 00 01 00", block.subarray(0, 500));
  await setEncryption(host);
  await host.tell("01");
  const answer = await host.send("08 01 00 00 05 00");
  expect([answer.outcome, answer.information]).toEqual(["incorrectDataEncryptionKey", 3]);
  expect(hex(answer.data)).toBe(hex(block));
  expect([medium.at, medium.leases]).toEqual([2, 0]);
});

test.each([
  ["DECRYPT", {}, "unencryptedDataWhileDecrypting, information 1000"],
  [
    "RAW",
    { ...off, decryptionMode: decryptionMode.raw },
    "unencryptedDataWhileDecrypting, information 1000",
  ],
  ["MIXED", { decryptionMode: decryptionMode.mixed }, "GOOD"],
  ["ENCRYPT only", { decryptionMode: decryptionMode.disable }, "GOOD"],
] as const)("plain block, %s → %s", async (_, fields, outcome) => {
  const { host, medium } = await loadedDrive();
  await host.tell(write, block);
  await host.tell("01");
  await setEncryption(host, fields);
  expect(await host.tell(read)).toBe(outcome);
  expect([medium.at, medium.leases]).toEqual([outcome === "GOOD" ? 1 : 0, 0]);
});

test("RAW of a block marked for it → its container; written back in EXTERNAL mode → read with the key", async () => {
  const bench = await withEnciphered({ control: 0x40 | control.rawEnabled });
  const { host } = bench;
  await setEncryption(host, { ...off, decryptionMode: decryptionMode.raw });
  const raw = await host.send("08 02 00 10 00 00");
  expect([raw.outcome, hex(raw.data)]).toEqual(["GOOD", hex(storedAt(bench, 0))]);
  await setEncryption(host, {
    encryptionMode: encryptionMode.external,
    decryptionMode: decryptionMode.disable,
  });
  expect(await host.tell("0a 00 00 04 27 00", raw.data)).toBe("GOOD");
  // CEEM 10b: only what was written in EXTERNAL mode.
  await setEncryption(host, { control: 0x80 });
  await host.tell("01");
  expect(await host.tell(read)).toBe("encryptionModeMismatchOnRead, information 1000");
  await host.tell("11 00 00 00 01 00");
  expect(hex((await host.send(read)).data)).toBe(hex(block));
});

test("EXTERNAL, data that is no container → 7/74/07, nothing written", async () => {
  const { host, medium } = await loadedDrive();
  await setEncryption(host, {
    encryptionMode: encryptionMode.external,
    decryptionMode: decryptionMode.disable,
  });
  expect(await host.tell(write, block)).toBe("encryptionParametersNotUseable, information 1000");
  expect([medium.objects.length, host.dataOutHeld]).toEqual([0, 0]);
});

test("room for the block but not for its container → VOLUME OVERFLOW, nothing written", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 1050 });
  await setEncryption(host);
  expect(await host.tell(write, block)).toBe("volumeOverflow, EOM, information 1000");
  expect(medium.objects).toEqual([]);
});
