import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { compressFrame, decompressFrame } from "./zstd.ts";

const TEXT = Buffer.from("tape after tape after tape ".repeat(1000));

it("text → smaller, and back", async () => {
  const compressed = await compressFrame(TEXT, 1);
  expect(compressed?.length).toBeLessThan(TEXT.length / 10);
  expect(await decompressFrame(compressed ?? Buffer.alloc(0), TEXT.length)).toEqual(TEXT);
});

it("random bytes, or none → not compressed", async () => {
  expect(await compressFrame(randomBytes(100_000), 1)).toBeNull();
  expect(await compressFrame(Buffer.alloc(0), 1)).toBeNull();
});

it("a saving below a sixteenth → not compressed", async () => {
  const mostlyRandom = Buffer.concat([randomBytes(97_000), Buffer.alloc(3_000)]);
  expect(await compressFrame(mostlyRandom, 1)).toBeNull();
});

it.each([-1, 1])("%i byte more than it expands to → OBJECT_DAMAGED", async (difference) => {
  const compressed = (await compressFrame(TEXT, 1)) ?? Buffer.alloc(0);
  await expect(decompressFrame(compressed, TEXT.length + difference)).rejects.toMatchObject({
    code: "OBJECT_DAMAGED",
  });
});

it("not zstd → OBJECT_DAMAGED", async () => {
  await expect(decompressFrame(Buffer.from("nonsense"), 10)).rejects.toMatchObject({
    code: "OBJECT_DAMAGED",
  });
});
