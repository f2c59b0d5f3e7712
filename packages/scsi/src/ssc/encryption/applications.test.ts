/** The commands that stenc and Bareos' scsicrypto send, in their order and with their bytes. */
import { expect, test } from "vitest";
import { type Initiator, hex, loadedDrive, pattern } from "../../testing-initiator.ts";

const block = pattern(500);
const write = "0a 00 00 01 f4 00";
const read = "08 00 00 01 f4 00";
const securityIn = (page: string) => `a2 20 00 ${page} 00 00 00 00 20 00 00 00`;
const securityOut = (length: number) =>
  `b5 20 00 10 00 00 00 00 00 ${length.toString(16).padStart(2, "0")} 00 00`;
const send = (host: Initiator, page: string) => {
  const list = Buffer.from(page.replaceAll(" ", ""), "hex");
  return host.tell(securityOut(list.length), list);
};

const key = "00112233445566778899aabbccddeeff".repeat(2);

/** stenc's page: all nexuses, CEEM 01b, algorithm 1, ASCII key name. */
const stenc = {
  on: `0010 0040 40 40 02 02 01 00 02 00000000000000 0020 ${key} 0000000c 48656c6c6f20776f726c6421`,
  mixedRawCkod: `0010 0030 40 64 02 03 01 00 02 00000000000000 0020 ${key}`,
  off: "0010 0010 40 40 00 00 01 00 02 00000000000000 0000",
} as const;

/** Bareos' page: all nexuses, CEEM 00b, the key as text; switched off with a key of zeros. */
const bareos = {
  set: `0010 0030 40 00 02 03 01 00 00 00000000000000 0020 ${Buffer.from("a-key-of-thirty-one-characters!", "latin1").toString("hex")}00`,
  clear: `0010 0030 40 00 00 00 01 00 00 00000000000000 0020 ${"00".repeat(32)}`,
} as const;

test("stenc: capabilities, key on, status → what it looks at says what it expects", async () => {
  const { host } = await loadedDrive();
  const capabilities = (await host.send(securityIn("10"))).data;
  // One algorithm, which it then uses by itself: index, ENCRYPT_C and DECRYPT_C 2, key length, longest key name, KADF_C.
  expect(capabilities.length).toBe(44);
  expect([capabilities[20], capabilities[24]! & 0x0f, capabilities[27], capabilities[31]]).toEqual([
    1, 0x0a, 32, 32,
  ]);
  expect(await send(host, stenc.on)).toBe("GOOD");
  const status = (await host.send(securityIn("20"))).data;
  expect(hex(status.subarray(0, 8))).toBe("0020002442020201");
  expect(Buffer.from(status.subarray(28)).toString("latin1")).toBe("Hello world!");
});

test("stenc: write, next block status → encrypted, key at hand, name of the key", async () => {
  const { host } = await loadedDrive();
  await send(host, stenc.on);
  expect(await host.tell(write, block)).toBe("GOOD");
  expect(await host.tell("01")).toBe("GOOD");
  const next = (await host.send(securityIn("21"))).data;
  expect([next[12], next[13]]).toEqual([5, 1]);
  expect(Buffer.from(next.subarray(20)).toString("latin1")).toBe("Hello world!");
  expect(hex((await host.send(read)).data)).toBe(hex(block));
});

test("stenc: off → the tape cannot be read; mixed with the key → it can, and clear data too", async () => {
  const { host } = await loadedDrive();
  await host.tell(write, block);
  await send(host, stenc.on);
  await host.tell(write, block);
  await send(host, stenc.off);
  await host.tell("01");
  expect(await host.tell(read)).toBe("GOOD");
  expect(await host.tell(read)).toBe("unableToDecryptData, information 500");
  expect(await send(host, stenc.mixedRawCkod)).toBe("GOOD");
  expect(await host.tell(read)).toBe("GOOD");
  await host.tell("01");
  expect(await host.tell(read)).toBe("GOOD");
});

test("Bareos: set before mounting, statuses, clear after → as its volume and drive status expect", async () => {
  const { host } = await loadedDrive();
  expect(await send(host, bareos.set)).toBe("GOOD");
  const drive = (await host.send(securityIn("20"))).data;
  expect([drive[5], drive[6], drive[13]]).toEqual([2, 3, 0]);
  expect(await host.tell(write, block)).toBe("GOOD");
  await host.tell("01");
  expect((await host.send(securityIn("21"))).data[12]).toBe(5);
  expect(hex((await host.send(read)).data)).toBe(hex(block));
  expect(await send(host, bareos.clear)).toBe("GOOD");
  expect(hex((await host.send(securityIn("20"))).data.subarray(4, 8))).toBe("42000000");
  await host.tell("01");
  expect((await host.send(securityIn("21"))).data[12]).toBe(6);
  expect(await host.tell(read)).toBe("unableToDecryptData, information 500");
});
