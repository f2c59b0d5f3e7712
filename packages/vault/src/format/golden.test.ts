/** fixtures/segment-v1.bin was written once, by the version of 2026-11-22; see fixtures/README.md. It must open for ever. */
import { createCipheriv, createHash, hkdfSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DATA_KEY, open, seal, SEGMENT_ID } from "../testing-seal.ts";

const stored = readFileSync(new URL("../../fixtures/segment-v1.bin", import.meta.url));
const compressed = readFileSync(new URL("../../fixtures/segment-v1-zstd.bin", import.meta.url));
const PLAINTEXT = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 31) % 251));
const SALT = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const FRAME_BYTES = 2048;

it("the golden file → opens to its plaintext", async () => {
  expect(await open(stored)).toEqual(PLAINTEXT);
});

it("the compressed golden file → opens to its plaintext, and is smaller", async () => {
  expect(await open(compressed)).toEqual(PLAINTEXT);
  expect(compressed.length).toBeLessThan(stored.length);
});

it("sealed with the golden file's salt → the golden file, byte for byte", async () => {
  const options = { frameBytes: FRAME_BYTES, zstdLevel: null, salt: SALT };
  expect((await seal(PLAINTEXT, options)).bytes).toEqual(stored);
});

/** Written from DESIGN.md alone, without the package's code: proves that the description suffices. */
it("built from the description → the golden file, byte for byte", () => {
  const info = `reelhouse segment v1\0${SEGMENT_ID}`;
  const okm = Buffer.from(hkdfSync("sha256", DATA_KEY, SALT, info, 71));
  const header = Buffer.alloc(224);
  header.set([0x89, 0x52, 0x48, 0x56, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 1, 0]);
  header.writeUInt32BE(FRAME_BYTES, 12);
  header.writeBigUInt64BE(5000n, 16);
  header.set(SALT, 24);
  header.set(okm.subarray(39), 56);
  header.writeUInt16BE(SEGMENT_ID.length, 88);
  header.write(SEGMENT_ID, 96);
  const headerHash = createHash("sha256").update(header).digest();
  const encrypt = (counter: number, kind: number, associated: Buffer, body: Buffer): Buffer => {
    const nonce = Buffer.concat([okm.subarray(32, 39), Buffer.alloc(5)]);
    nonce.writeUInt32BE(counter, 7);
    nonce.writeUInt8(kind, 11);
    const cipher = createCipheriv("aes-256-gcm", okm.subarray(0, 32), nonce);
    cipher.setAAD(Buffer.concat([headerHash, associated]));
    return Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]);
  };
  const frames = [0, 1, 2].map((counter) => {
    const body = PLAINTEXT.subarray(counter * FRAME_BYTES, (counter + 1) * FRAME_BYTES);
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(body.length);
    return { prefix, rest: encrypt(counter, counter === 2 ? 1 : 0, prefix, body) };
  });
  const prefixes = Buffer.concat(frames.map(({ prefix }) => prefix));
  const object = Buffer.concat([
    header,
    ...frames.flatMap(({ prefix, rest }) => [prefix, rest]),
    prefixes,
    encrypt(0xffffffff, 2, prefixes, Buffer.alloc(0)),
  ]);
  expect(object).toEqual(stored);
});
