/** The enciphered block, byte for byte as DESIGN.md draws it. */
import { createDecipheriv, createSecretKey, hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { hex, pattern } from "../../testing-initiator.ts";
import { blockEncipherer } from "./block-cipher.ts";
import {
  containerOverheadMax,
  encodeHeader,
  encodePrefix,
  markedExternal,
  parseHeader,
} from "./container.ts";
import { noEncryption } from "./parameters.ts";

const prefix = {
  rawDisabled: true,
  kadFormat: 2,
  kads: [
    { type: 0, descriptor: Buffer.from("name") },
    { type: 1, descriptor: Buffer.of(0xaa) },
  ],
  salt: Buffer.alloc(16, 0x11),
  check: Buffer.alloc(8, 0x22),
};
const header = encodeHeader(encodePrefix(prefix), Buffer.alloc(12, 0x33), Buffer.alloc(16, 0x44));

test("header → the bytes of DESIGN.md", () => {
  expect(hex(header)).toBe(
    [
      "52484542", // RHEB
      "01", // version
      "01", // algorithm index
      "01", // not to be read raw
      "02", // KAD format
      "11".repeat(16),
      "22".repeat(8),
      "000d", // length of the descriptors
      "000000046e616d65",
      "01000001aa",
      "00", // not EXTERNAL
      "33".repeat(12),
      "44".repeat(16),
    ].join(""),
  );
});

test("header → parsed as it was put in, from one view or from many", () => {
  const views = Array.from(header, (byte) => Uint8Array.of(byte));
  for (const from of [[header], views]) {
    expect(parseHeader(from)).toMatchObject({
      rawDisabled: true,
      kadFormat: 2,
      kads: [{ type: 0 }, { type: 1 }],
      external: false,
      length: header.length,
    });
  }
});

test("header marked EXTERNAL → that byte only", () => {
  const parsed = parseHeader([header])!;
  const marked = markedExternal(parsed);
  expect(parseHeader([marked])?.external).toBe(true);
  expect([...marked].filter((byte, index) => byte !== header[index])).toEqual([1]);
});

test.each([
  ["empty", Buffer.alloc(0)],
  ["other magic", Buffer.concat([Buffer.of(0), header.subarray(1)])],
  ["other version", Buffer.concat([header.subarray(0, 4), Buffer.of(2), header.subarray(5)])],
  ["other algorithm", Buffer.concat([header.subarray(0, 5), Buffer.of(2), header.subarray(6)])],
  ["cut short", header.subarray(0, -1)],
  [
    "descriptor of an unknown type",
    Buffer.concat([header.subarray(0, 34), Buffer.of(9), header.subarray(35)]),
  ],
])("%s → no container", (_, bytes) => {
  expect(parseHeader([bytes])).toBeUndefined();
});

test("all descriptors at their longest → the overhead announced", () => {
  const kads = [
    { type: 0, descriptor: new Uint8Array(32) },
    { type: 1, descriptor: new Uint8Array(60) },
    { type: 3, descriptor: new Uint8Array(64) },
  ];
  const { overhead } = blockEncipherer(createSecretKey(Buffer.alloc(32, 1)), {
    ...noEncryption,
    kads,
  });
  expect(overhead).toBe(containerOverheadMax);
});

test("container → AES-256-GCM of the block, under HKDF-SHA-256 of the host's key, with the prefix authenticated", () => {
  const key = createSecretKey(Buffer.alloc(32, 7));
  const kads = [{ type: 0, descriptor: Buffer.from("tape 1") }];
  const block = pattern(1000);
  const container = Buffer.concat([
    ...blockEncipherer(key, { ...noEncryption, kads }).encipher([block]),
  ]);
  const prefixLength = 34 + container.readUInt16BE(32);
  const salt = container.subarray(8, 24);
  const derived = (info: string, length: number) =>
    Buffer.from(hkdfSync("sha256", key, salt, info, length));
  expect(hex(container.subarray(24, 32))).toBe(hex(derived("reelhouse key check 1", 8)));
  const iv = container.subarray(prefixLength + 1, prefixLength + 13);
  const decipher = createDecipheriv("aes-256-gcm", derived("reelhouse block key 1", 32), iv);
  decipher.setAAD(container.subarray(0, prefixLength));
  decipher.setAuthTag(container.subarray(prefixLength + 13, prefixLength + 29));
  const plain = Buffer.concat([
    decipher.update(container.subarray(prefixLength + 29)),
    decipher.final(),
  ]);
  expect(hex(plain)).toBe(hex(block));
});
