import { expect, it } from "vitest";
import { chunked } from "../testing-seal.ts";
import { createByteReader } from "./byte-reader.ts";

const BYTES = Buffer.from("0123456789abcdef");

it.each(Array.from({ length: 17 }, (_, index) => index + 1))(
  "cut into chunks of %i → the same reads",
  async (chunkBytes) => {
    const seen: Uint8Array[] = [];
    const reader = createByteReader(chunked(BYTES, chunkBytes), (chunk) => seen.push(chunk));
    expect((await reader.read(3)).toString()).toBe("012");
    expect((await reader.read(0)).toString()).toBe("");
    expect((await reader.read(9)).toString()).toBe("3456789ab");
    expect((await reader.read(4)).toString()).toBe("cdef");
    await reader.expectEnd();
    expect(Buffer.concat(seen)).toEqual(BYTES);
  },
);

it("fewer bytes than asked for → OBJECT_DAMAGED", async () => {
  const reader = createByteReader(chunked(BYTES, 5), () => {});
  await expect(reader.read(17)).rejects.toMatchObject({ code: "OBJECT_DAMAGED" });
});

it("bytes left at the expected end → OBJECT_DAMAGED", async () => {
  const reader = createByteReader(chunked(BYTES, 5), () => {});
  await reader.read(15);
  await expect(reader.expectEnd()).rejects.toMatchObject({ code: "OBJECT_DAMAGED" });
});

it("closed early → the source's cleanup has run", async () => {
  let cleaned = false;
  async function* source() {
    try {
      yield BYTES;
      yield BYTES;
    } finally {
      cleaned = true;
    }
  }
  const reader = createByteReader(source(), () => {});
  await reader.read(1);
  await reader.close();
  expect(cleaned).toBe(true);
});
