/** The inspection can fail: plain, compressed and half-hidden data are noticed, noise passes. */
import { createCipheriv, randomBytes } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { inspect, looksEncrypted } from "./ciphertext.ts";

const plain = Buffer.concat([
  Buffer.from("ustar"),
  Buffer.from(Array.from({ length: 60_000 }, (_, index) => `line ${index * 7919}\n`).join("")),
]);
const probes = ["ustar"];

test("plain data → found out by its strings and its entropy", () => {
  const seen = inspect(plain, probes);
  expect(seen.found).toEqual(["ustar"]);
  expect(seen.entropyBits).toBeLessThan(5);
  expect(looksEncrypted(seen)).toBe(false);
});

test("compressed but not encrypted → found out by its frame", () => {
  const compressed = Buffer.concat([randomBytes(1_000_000), zstdCompressSync(plain)]);
  const seen = inspect(compressed, probes);
  expect(seen.found).toEqual([]);
  expect(seen.zstdFrames).toEqual([1_000_000]);
  expect(looksEncrypted(seen)).toBe(false);
});

test("a compressed frame in the midst of noise → found out", () => {
  const hidden = [randomBytes(5000), zstdCompressSync(plain), randomBytes(5000)];
  expect(inspect(Buffer.concat(hidden), []).zstdFrames).toEqual([5000]);
});

test("the magic number of zstd by chance → no frame", () => {
  const chance = [randomBytes(5000), Buffer.from("28b52ffd", "hex"), Buffer.alloc(5000, 0xff)];
  expect(inspect(Buffer.concat(chance), []).zstdFrames).toEqual([]);
});

test("AES-256-GCM → looks encrypted", () => {
  const cipher = createCipheriv("aes-256-gcm", randomBytes(32), randomBytes(12));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  expect(looksEncrypted(inspect(sealed, probes))).toBe(true);
});

test("one plain string among noise → found out", () => {
  const bytes = randomBytes(1_000_000);
  bytes.write("ustar", 777_777);
  expect(looksEncrypted(inspect(bytes, probes))).toBe(false);
});
