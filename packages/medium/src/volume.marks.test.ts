/** Marks of blocks: what was written enciphered is read back so, and whole; what must not be compressed is said. */
import { describe, expect, it } from "vitest";
import { blockLengthMax, cipherBytesMax } from "./limits.ts";
import { bytesOf } from "./testing-model.ts";
import { contentOf, reopened, testVolume, writeBlock } from "./testing-volume.ts";
import type { Volume } from "./volume.ts";

const read = async (volume: Volume, byteLengthMax: number) => {
  const result = await volume.read(byteLengthMax);
  if (result.kind !== "block") throw new Error(result.kind);
  const handedOut = bytesOf(result.data).length;
  result.data.release();
  return { length: result.length, handedOut, enciphered: result.enciphered };
};

const marksOf = async (volume: Volume, blocks: number) => {
  await volume.locate(0);
  const found: boolean[] = [];
  while (found.length < blocks) found.push((await read(volume, 1000)).enciphered);
  return found;
};

const uncompressed = (volume: Volume) =>
  Array.from(volume.segments()).map((one) => one.uncompressed);

describe("marks", () => {
  it("blocks of one length, some enciphered → each is read as it was written, before and after sealing", async () => {
    const test = await testVolume();
    for (const [id, enciphered] of [false, true, true, false].entries()) {
      await writeBlock(test.volume, id + 1, 100, { enciphered });
    }
    expect(await marksOf(test.volume, 4)).toEqual([false, true, true, false]);
    await test.volume.seal();
    const { volume } = await reopened(test);
    expect(await marksOf(volume, 4)).toEqual([false, true, true, false]);
    expect(await contentOf(volume, 0)).toBe("1 2 3 4");
  });
  it("an enciphered block and less asked for → handed out whole; another is cut", async () => {
    const { volume } = await testVolume();
    await writeBlock(volume, 1, 500, { enciphered: true });
    await writeBlock(volume, 2, 500);
    await volume.locate(0);
    expect(await read(volume, 10)).toEqual({ length: 500, handedOut: 500, enciphered: true });
    expect(await read(volume, 10)).toEqual({ length: 500, handedOut: 10, enciphered: false });
  });
  it("the longest enciphered block → taken, recovered and read; a plain one as long is stopped", async () => {
    const test = await testVolume();
    const length = blockLengthMax + cipherBytesMax;
    await expect(writeBlock(test.volume, 1, length)).rejects.toThrow();
    await writeBlock(test.volume, 1, length, { enciphered: true });
    const { volume, repaired } = await reopened(test);
    expect(repaired.cuts).toEqual([]);
    expect(await read(volume, 10)).toMatchObject({ length, handedOut: length });
  });
  it("one block with compression switched off → its segment says so, open, recovered, sealed and read from the log", async () => {
    const test = await testVolume();
    await writeBlock(test.volume, 1, 100);
    expect(uncompressed(test.volume)).toEqual([false]);
    await writeBlock(test.volume, 2, 100, { uncompressed: true });
    await writeBlock(test.volume, 3, 100);
    expect(uncompressed(test.volume)).toEqual([true]);
    const open = await reopened(test);
    expect(uncompressed(open.volume)).toEqual([true]);
    await open.volume.seal();
    open.volume.spaceEndOfData();
    await writeBlock(open.volume, 4, 100);
    await open.volume.seal();
    const { volume } = await reopened({ ...test, volume: open.volume });
    expect(uncompressed(volume)).toEqual([true, false]);
  });
});

describe("compression", () => {
  it("segments with and without receipts → the sums of those in the store; gone with them", async () => {
    const { volume } = await testVolume();
    expect(volume.compression).toEqual({ inBytes: 0, outBytes: 0 });
    for (const id of [1, 2, 3]) {
      await writeBlock(volume, id, 1000);
      await volume.seal();
    }
    const [first, second] = Array.from(volume.segments());
    if (first === undefined || second === undefined) throw new Error("there are three");
    await volume.recordReceipt(first, "{}", 400);
    await volume.recordReceipt(second, "{}", 300);
    await volume.recordReceipt(second, "{}", 200);
    const inBytes = first.segmentBytes + second.segmentBytes;
    expect(volume.compression).toEqual({ inBytes, outBytes: 600 });
    await volume.evict(first);
    expect(volume.compression).toEqual({ inBytes, outBytes: 600 });
    await volume.locate(1);
    await volume.erase();
    expect(volume.compression).toEqual({ inBytes: first.segmentBytes, outBytes: 400 });
  });
});
