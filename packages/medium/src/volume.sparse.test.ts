/** Very many objects that take no room: runs of as many filemarks as WRITE FILEMARKS can write (24 bits). */
import { describe, expect, it } from "vitest";
import { indexEntriesMax } from "./limits.ts";
import { reopened, testVolume } from "./testing-volume.ts";
import type { Volume } from "./volume.ts";

const runLength = 2 ** 24 - 1;

/** Runs one after another, each a record of 32 bytes. */
const writeRuns = async (volume: Volume, count: number): Promise<void> => {
  for (let made = 0; made < count; made += 1) {
    const result = volume.writeFilemarks(runLength);
    if (result instanceof Promise) await result;
  }
};

const standsAt = async (volume: Volume, objectNumber: number) => {
  expect(await volume.locate(objectNumber)).toEqual({ kind: "located" });
  expect(volume.position).toMatchObject({ objectNumber, fileNumber: objectNumber });
};

describe("a sparse volume", () => {
  it("2^36 filemarks in 4,100 runs → positioned in at once, opened again, sealed and cut", async () => {
    const runs = 4100;
    const objects = runs * runLength;
    const test = await testVolume();
    await writeRuns(test.volume, runs);
    expect(test.volume.describe()).toMatchObject({
      objects,
      filemarks: objects,
      segments: 1,
      usedBytes: runs * 32,
    });
    for (const number of [objects - 1, 2 ** 35, runLength, runLength - 1, 0]) {
      await standsAt(test.volume, number);
    }
    expect(await test.volume.spaceFilemarks(2 ** 35)).toMatchObject({ moved: 2 ** 35 });
    expect(await test.volume.spaceBlocks(1)).toEqual({
      kind: "spaced",
      moved: 0,
      stop: "filemark",
    });
    expect(test.volume.position.objectNumber).toBe(2 ** 35 + 1);
    const open = await reopened(test);
    await standsAt(open.volume, objects - 1);
    await open.volume.seal();
    const sealed = await reopened({ ...test, volume: open.volume });
    await standsAt(sealed.volume, 2 ** 35 + 77);
    expect(await sealed.volume.erase()).toEqual({ kind: "written" });
    const cut = await reopened({ ...test, volume: sealed.volume });
    expect(cut.volume.describe()).toMatchObject({ objects: 2 ** 35 + 77, filemarks: 2 ** 35 + 77 });
  });
  it("more runs than an index holds → another segment", async () => {
    const test = await testVolume();
    await writeRuns(test.volume, indexEntriesMax + 2);
    const { volume } = await reopened(test);
    const [first, second] = Array.from(volume.segments());
    expect(first).toMatchObject({ endObject: indexEntriesMax * runLength, state: "sealed" });
    expect(second).toMatchObject({ firstObject: indexEntriesMax * runLength, usedBytes: 64 });
    await standsAt(volume, 2 ** 40 - 1);
  }, 30_000);
});
