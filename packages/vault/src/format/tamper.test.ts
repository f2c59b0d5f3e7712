import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { VaultError } from "../errors.ts";
import { open, seal, SEGMENT_ID } from "../testing-seal.ts";
import { HEADER_BYTES } from "./header.ts";

const FRAME_BYTES = 2048;
const FRAME_OBJECT_BYTES = FRAME_BYTES + 20;
const FRAMES = 4;
const PLAINTEXT = randomBytes(FRAME_BYTES * FRAMES);
const INDEX_OFFSET = HEADER_BYTES + FRAMES * FRAME_OBJECT_BYTES;

const at = (frame: number) => HEADER_BYTES + frame * FRAME_OBJECT_BYTES;
const flipped = (bytes: Buffer, offset: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[offset] = (copy[offset] ?? 0) ^ 1;
  return copy;
};

let sealed: Buffer;
beforeAll(async () => {
  ({ bytes: sealed } = await seal(PLAINTEXT, { frameBytes: FRAME_BYTES, zstdLevel: null }));
});

/** The code of the error it is refused with; undefined if it opens. */
const refusal = async (bytes: Buffer, options = {}): Promise<unknown> => {
  const outcome: unknown = await open(bytes, options).catch((error: unknown) => error);
  return outcome instanceof VaultError ? outcome.code : undefined;
};

describe("a sealed segment", () => {
  it("untouched → opens", async () => {
    expect(await open(sealed)).toEqual(PLAINTEXT);
  });

  it.each([
    ["frame size", 14, "OBJECT_DAMAGED"],
    ["plaintext length", 23, "OBJECT_DAMAGED"],
    ["compression", 11, "OBJECT_DAMAGED"],
    ["salt", 30, "OBJECT_KEY_MISMATCH"],
    ["commitment", 60, "OBJECT_KEY_MISMATCH"],
    ["segment id", 100, "OBJECT_IDENTITY"],
    ["prefix of a frame", at(1), "OBJECT_DAMAGED"],
    ["length of a frame", at(1) + 3, "OBJECT_DAMAGED"],
    ["ciphertext", at(2) + 100, "OBJECT_DAMAGED"],
    ["tag", at(2) + FRAME_OBJECT_BYTES - 1, "OBJECT_DAMAGED"],
    ["index", INDEX_OFFSET + 3, "OBJECT_DAMAGED"],
    ["tag of the index", INDEX_OFFSET + FRAMES * 4, "OBJECT_DAMAGED"],
  ])("one bit of its %s turned → %s %s", async (_what, offset, code) => {
    expect(await refusal(flipped(sealed, offset))).toBe(code);
  });

  it("cut at each frame, in the index, or by one byte → OBJECT_DAMAGED", async () => {
    const ends = [
      at(0),
      at(1),
      at(3),
      at(3) + 7,
      INDEX_OFFSET,
      INDEX_OFFSET + 8,
      sealed.length - 1,
    ];
    for (const end of ends) expect(await refusal(sealed.subarray(0, end))).toBe("OBJECT_DAMAGED");
  });

  it("cut in the header, or empty → OBJECT_DAMAGED", async () => {
    expect(await refusal(sealed.subarray(0, HEADER_BYTES - 1))).toBe("OBJECT_DAMAGED");
    expect(await refusal(Buffer.alloc(0))).toBe("OBJECT_DAMAGED");
  });

  it("one byte longer → OBJECT_DAMAGED", async () => {
    expect(await refusal(Buffer.concat([sealed, Buffer.alloc(1)]))).toBe("OBJECT_DAMAGED");
  });

  it("two frames exchanged, or one repeated → OBJECT_DAMAGED", async () => {
    const exchanged = Buffer.from(sealed);
    sealed.copy(exchanged, at(0), at(1), at(2));
    sealed.copy(exchanged, at(1), at(0), at(1));
    expect(await refusal(exchanged)).toBe("OBJECT_DAMAGED");
    const repeated = Buffer.from(sealed);
    sealed.copy(repeated, at(2), at(1), at(2));
    expect(await refusal(repeated)).toBe("OBJECT_DAMAGED");
  });

  it("made shorter by whole frames, header and index made to fit → OBJECT_DAMAGED", async () => {
    const shorter = Buffer.concat([
      sealed.subarray(0, at(2)),
      sealed.subarray(INDEX_OFFSET, INDEX_OFFSET + 8),
      sealed.subarray(INDEX_OFFSET + FRAMES * 4),
    ]);
    shorter.writeBigUInt64BE(BigInt(2 * FRAME_BYTES), 16);
    expect(await refusal(shorter)).toBe("OBJECT_DAMAGED");
  });

  it("a frame of another sealing of the same segment → OBJECT_DAMAGED", async () => {
    const other = await seal(PLAINTEXT, { frameBytes: FRAME_BYTES, zstdLevel: null });
    expect(other.bytes.equals(sealed)).toBe(false);
    const mixed = Buffer.from(sealed);
    other.bytes.copy(mixed, at(1), at(1), at(2));
    expect(await refusal(mixed)).toBe("OBJECT_DAMAGED");
  });
});

describe("put in another's place", () => {
  const other = SEGMENT_ID.replace("00000001", "00000002");

  it("asked for as another segment → OBJECT_IDENTITY", async () => {
    expect(await refusal(sealed, { segmentId: other })).toBe("OBJECT_IDENTITY");
  });

  it("with the other's id written into the header → OBJECT_KEY_MISMATCH", async () => {
    const renamed = Buffer.from(sealed);
    renamed.write(other, 96, "latin1");
    expect(await refusal(renamed, { segmentId: other })).toBe("OBJECT_KEY_MISMATCH");
  });

  it("opened with another volume's data key → OBJECT_KEY_MISMATCH", async () => {
    expect(await refusal(sealed, { dataKey: Buffer.alloc(32, 9) })).toBe("OBJECT_KEY_MISMATCH");
  });
});

it("sealed twice → different bytes all over: no (key, nonce) is used again", async () => {
  const again = await seal(PLAINTEXT, { frameBytes: FRAME_BYTES, zstdLevel: null });
  expect(again.bytes.subarray(at(0) + 4, at(1))).not.toEqual(sealed.subarray(at(0) + 4, at(1)));
});
