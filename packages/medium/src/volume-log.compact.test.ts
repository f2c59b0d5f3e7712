/** The log is rewritten when most of it is dead: nothing alive gets lost, whenever the power goes. */
import { describe, expect, it } from "vitest";
import { CrashDisk } from "./testing-crash-disk.ts";
import { blockBytes, dataOut, randomFrom, testPorts } from "./testing-model.ts";
import { contentOf, reopened, testVolume, writeBlock } from "./testing-volume.ts";
import { Volume } from "./volume.ts";

const root = "/media";
const logPath = `${root}/RHS001L8/g1/volume.log`;
const first = { generation: 1, partition: 0, number: 1 };
const second = { generation: 1, partition: 0, number: 2 };
const createdAt = "2026-11-22T00:00:00Z";
const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null, createdAt };
const receipt = (count: number): string => JSON.stringify({ count, filler: "x".repeat(300_000) });

const write = async (volume: Volume, id: number): Promise<void> => {
  const { data } = dataOut([blockBytes(id, 100)], () => 0);
  expect(await volume.writeBlocks(data, 100)).toEqual({ kind: "written" });
};

/** A volume with a log of 1.5 MB of which 0.3 MB are alive, and an open segment that was cut. */
const grown = async () => {
  const disk = new CrashDisk();
  await disk.mkdir(root);
  await disk.syncDirectory("/");
  const { ports } = testPorts(() => disk, root);
  const volume = await Volume.create(disk, root, made, ports);
  await write(volume, 1);
  await volume.seal();
  await volume.describeSegment(first);
  for (let count = 1; count <= 5; count += 1)
    await volume.recordReceipt(first, receipt(count), count);
  for (const id of [2, 3, 4]) await write(volume, id);
  await volume.synchronize();
  await volume.locate(2);
  await write(volume, 5);
  await volume.synchronize();
  return { disk, volume, ports };
};

const summary = (volume: Volume) => ({
  objects: volume.describe().objects,
  receiptBytes: volume.segment(first)?.objectBytes,
  states: Array.from(volume.segments()).map((one) => one.state),
});

describe("compaction", () => {
  it("a mostly dead log, sealing → a small log that says the same, now and when opened again", async () => {
    const { disk, volume, ports } = await grown();
    const before = disk.contentOf(logPath).length;
    expect(await volume.seal()).toEqual({ kind: "written" });
    expect(disk.contentOf(logPath).length).toBeLessThan(before / 4);
    const digest = (await volume.describeSegment(first))?.sha256;
    const check = async (one: Volume) => {
      expect(summary(one)).toEqual({ objects: 3, receiptBytes: 5, states: ["uploaded", "sealed"] });
      expect(await one.receiptOf(first)).toBe(receipt(5));
      expect((await one.describeSegment(first))?.sha256).toBe(digest);
      expect(await one.recordReceipt(second, "{}", 1)).toBe(true);
    };
    await check(volume);
    await volume.close();
    const again = await Volume.open(disk, root, made.barcode, ports);
    expect(again.repaired.segmentsDropped).toEqual([]);
    expect(await again.volume.receiptOf(second)).toBe("{}");
    await again.volume.close();
  });
  it("a mostly dead log with an open segment, opening → the same, and its cut still holds", async () => {
    const { disk, volume, ports } = await grown();
    await volume.close();
    const before = disk.contentOf(logPath).length;
    const opened = await Volume.open(disk, root, made.barcode, ports);
    expect(disk.contentOf(logPath).length).toBeLessThan(before / 4);
    opened.volume.spaceEndOfData();
    await write(opened.volume, 6);
    await opened.volume.close();
    const again = await Volume.open(disk, root, made.barcode, ports);
    expect(again.repaired.cuts).toEqual([]);
    expect(summary(again.volume)).toEqual({
      objects: 4,
      receiptBytes: 5,
      states: ["uploaded", "open"],
    });
  });
  it("the power goes at any step of it → the old log or the new one", async () => {
    const random = randomFrom(7);
    let crashAt = 1;
    for (; ; crashAt += 1) {
      const { disk, volume } = await grown();
      disk.operations = 0;
      disk.crashAt = crashAt;
      await volume.seal();
      const done = disk.operations < crashAt;
      const after = disk.afterCrash(random);
      const { ports } = testPorts(() => after, root);
      const again = await Volume.open(after, root, made.barcode, ports);
      expect(summary(again.volume)).toMatchObject({ objects: 3, receiptBytes: 5 });
      expect(await again.volume.receiptOf(first)).toBe(receipt(5));
      if (done) break;
    }
    expect(crashAt).toBeGreaterThan(10);
  });
});

describe("compaction with partitions", () => {
  it("a mostly dead log of two partitions, opening → both as they were, and their numbers go on", async () => {
    const test = await testVolume();
    const { volume } = test;
    const path = `${root}/RHS001L8/g2/volume.log`;
    const ref = { generation: 2, partition: 1, number: 1 };
    await volume.format([4e8, 5e8]);
    await writeBlock(volume, 1, 100);
    await volume.locate(0, 0);
    // Number 1 of this partition is used up, and its epoch is not the first.
    await writeBlock(volume, 2, 100);
    await volume.locate(0, 1);
    await writeBlock(volume, 3, 100);
    await volume.seal();
    for (let count = 1; count <= 5; count += 1)
      await volume.recordReceipt(ref, receipt(count), count);
    for (const id of [4, 5, 6]) await writeBlock(volume, id, 100);
    await volume.synchronize();
    await volume.locate(2);
    await writeBlock(volume, 7, 100);
    const before = test.disk.contentOf(path).length;
    const opened = await reopened(test);
    expect(test.disk.contentOf(path).length).toBeLessThan(before / 4);
    const again = await reopened({ ...test, volume: opened.volume });
    expect(again.repaired).toMatchObject({ logBytesCut: 0, cuts: [], segmentsDropped: [] });
    expect(again.volume.partitions).toMatchObject([
      { capacityBytes: 4e8, objectCount: 1 },
      { capacityBytes: 5e8, objectCount: 3 },
    ]);
    expect(await contentOf(again.volume, 0)).toBe("2");
    expect(await contentOf(again.volume, 1)).toBe("3 4 7");
    expect(await again.volume.receiptOf(ref)).toBe(receipt(5));
    await again.volume.locate(0, 0);
    await writeBlock(again.volume, 8, 100);
    expect(Array.from(again.volume.segments()).map((one) => [one.partition, one.number])).toEqual([
      [0, 3],
      [1, 1],
      [1, 2],
    ]);
  });
});
