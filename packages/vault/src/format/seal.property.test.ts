import { hash } from "node:crypto";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { open, seal } from "../testing-seal.ts";

/** Bytes that compress in places, as tapes do. */
const plaintexts = fc
  .array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 3000 }),
      fc
        .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 9000 }))
        .map(([byte, length]) => new Uint8Array(length).fill(byte)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts));

it("any bytes, frame size, level and chunking → opened are the same bytes, and digests are true", async () => {
  await fc.assert(
    fc.asyncProperty(
      plaintexts,
      fc.integer({ min: 2048, max: 8192 }),
      fc.constantFrom(null, 1, 3),
      fc.integer({ min: 1, max: 5000 }),
      async (plaintext, frameBytes, zstdLevel, chunkBytes) => {
        const sealed = await seal(plaintext, { frameBytes, zstdLevel });
        expect(await open(sealed.bytes, { chunkBytes })).toEqual(plaintext);
        expect(sealed.object.byteLength).toBe(sealed.bytes.length);
        expect(sealed.object.sha256).toBe(hash("sha256", sealed.bytes));
        expect(sealed.plaintext.sha256).toBe(hash("sha256", plaintext));
      },
    ),
    { numRuns: 60 },
  );
});

it("any bytes changed anywhere → refused", async () => {
  const plaintext = Buffer.alloc(7000, "a tape ");
  const { bytes } = await seal(plaintext, { frameBytes: 2048 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (offset, mask) => {
        const changed = Buffer.from(bytes);
        changed[offset] = (changed[offset] ?? 0) ^ mask;
        await expect(open(changed)).rejects.toMatchObject({ name: "VaultError" });
      },
    ),
    { numRuns: 400 },
  );
});
