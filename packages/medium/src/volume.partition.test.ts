/** Partitions: each with its own end of data, and what is done in one leaves the others alone. */
import { describe, expect, it } from "vitest";
import { contentOf, openOn, reopened, testVolume, writeBlock } from "./testing-volume.ts";
import { randomFrom } from "./testing-model.ts";
import type { Volume } from "./volume.ts";

const written = { kind: "written" };

/** Two partitions: 1 2 F in 0, 3 4 in 1; all stored. Positioned at the end of 1. */
const twoPartitions = async () => {
  const test = await testVolume();
  const { volume } = test;
  expect(await volume.format([4e8, 6e8])).toEqual(written);
  await writeBlock(volume, 1, 100);
  await writeBlock(volume, 2, 200);
  await volume.writeFilemarks(1);
  await volume.locate(0, 1);
  await writeBlock(volume, 3, 300);
  await writeBlock(volume, 4, 300);
  await volume.seal();
  return test;
};

/** Of all partitions. */
const contents = async (volume: Volume) => {
  const found: string[] = [];
  for (const number of volume.partitions.keys()) found.push(await contentOf(volume, number));
  return found;
};

describe("partitions", () => {
  it("a new volume → one, with the capacity of the volume", async () => {
    const { volume } = await testVolume();
    expect(volume.partitions).toEqual([
      { capacityBytes: 1e9, usedBytes: 0, objectCount: 0, filemarkCount: 0 },
    ]);
  });
  it("two written → each says what is in it, now and when opened again", async () => {
    const test = await twoPartitions();
    const partitions = [
      { capacityBytes: 4e8, usedBytes: 396, objectCount: 3, filemarkCount: 1 },
      { capacityBytes: 6e8, usedBytes: 664, objectCount: 2, filemarkCount: 0 },
    ];
    expect(test.volume.partitions).toEqual(partitions);
    expect(test.volume.describe()).toMatchObject({ objects: 5, filemarks: 1, usedBytes: 1060 });
    const { volume, repaired } = await reopened(test);
    expect(repaired).toMatchObject({ cuts: [], segmentsDropped: [], filesRemoved: [] });
    expect(volume.partitions).toEqual(partitions);
    expect(volume.position).toMatchObject({ partition: 0, objectNumber: 0 });
    expect(await contents(volume)).toEqual(["1 2 F", "3 4"]);
  });
});

describe("the beginning of a partition", () => {
  it("an overwrite at BOP of one of them → the other stays, in the same generation, also when opened again", async () => {
    const test = await twoPartitions();
    const { volume, events } = test;
    const before = volume.generation;
    events.length = 0;
    await volume.locate(0, 1);
    await writeBlock(volume, 5, 50);
    expect(events).toMatchObject([{ type: "dropped", segment: { partition: 1, number: 1 } }]);
    expect(volume.generation).toBe(before);
    expect(await contents(volume)).toEqual(["1 2 F", "5"]);
    expect(Array.from(volume.segments()).map((one) => one.path)).toEqual([
      "RHS001L8/g2/p0/00000001.segment",
      "RHS001L8/g2/p1/00000002.segment",
    ]);
    const again = await reopened(test);
    expect(await contents(again.volume)).toEqual(["1 2 F", "5"]);
  });
  it("an erasure at BOP of one of them, twice → that one is blank, and takes data again", async () => {
    const { volume } = await twoPartitions();
    await volume.locate(0, 0);
    expect(await volume.erase()).toEqual(written);
    expect(await volume.erase()).toEqual(written);
    expect(await contents(volume)).toEqual(["", "3 4"]);
    await volume.locate(0, 0);
    await writeBlock(volume, 6, 60);
    expect(await contents(volume)).toEqual(["6", "3 4"]);
  });
  it("an overwrite at BOP of a volume with one partition of less than its capacity → a new generation, as large", async () => {
    const test = await testVolume();
    await test.volume.format([5e8]);
    await writeBlock(test.volume, 1, 100);
    await test.volume.locate(0);
    await writeBlock(test.volume, 2, 100);
    expect(test.volume.generation).toBe(3);
    const { volume } = await reopened(test);
    expect(volume.partitions).toMatchObject([{ capacityBytes: 5e8, objectCount: 1 }]);
  });
});

describe("from one partition to another", () => {
  it("a locate to another partition with data not yet stored → stored first", async () => {
    const { disk, volume } = await twoPartitions();
    await writeBlock(volume, 7, 70);
    let syncs = 0;
    disk.interfere = (operation) => {
      if (operation === "datasync") syncs += 1;
    };
    expect(await volume.locate(1, 0)).toEqual({ kind: "located" });
    expect(syncs).toBeGreaterThan(0);
  });
  it("a locate to another partition that fails → the position is unchanged", async () => {
    const { disk, volume } = await twoPartitions();
    await writeBlock(volume, 7, 70);
    const before = volume.position;
    disk.interfere = (operation) => {
      if (operation === "datasync") throw Object.assign(new Error("EIO"), { code: "EIO" });
    };
    expect(await volume.locate(1, 0)).toMatchObject({ kind: "fault", fault: "write" });
    expect(volume.position).toEqual(before);
  });
  it("a sync that fails in one → nothing is written in the other either, but all can be read", async () => {
    const { disk, volume } = await twoPartitions();
    await writeBlock(volume, 7, 70);
    disk.interfere = (operation) => {
      if (operation === "datasync") throw Object.assign(new Error("EIO"), { code: "EIO" });
    };
    expect(await volume.synchronize()).toMatchObject({ fault: "write" });
    disk.interfere = () => undefined;
    expect(await volume.locate(3, 0)).toEqual({ kind: "located" });
    expect(await volume.writeFilemarks(1)).toMatchObject({ fault: "write" });
    expect(await volume.evict({ generation: 2, partition: 0, number: 1 })).toBe(false);
    expect(await contentOf(volume, 0)).toBe("1 2 F");
  });
  it("a receipt and an eviction in one → the segment of that number in the other is not concerned", async () => {
    const { volume, store } = await twoPartitions();
    const ref = { generation: 2, partition: 1, number: 1 };
    const described = await volume.describeSegment(ref);
    if (described === undefined) throw new Error("it is sealed");
    store(described);
    expect(await volume.recordReceipt(ref, '{"of":1}', 500)).toBe(true);
    expect(await volume.evict(ref)).toBe(true);
    expect(Array.from(volume.segments()).map((one) => one.state)).toEqual(["sealed", "evicted"]);
    expect(await contents(volume)).toEqual(["1 2 F", "3 4"]);
    expect(Array.from(volume.segments()).map((one) => one.state)).toEqual(["sealed", "uploaded"]);
  });
});

describe("format", () => {
  it("a volume with data → empty partitions, at BOP of the first; what was there is told", async () => {
    const { volume, events, disk } = await twoPartitions();
    events.length = 0;
    expect(await volume.format([1e8, 2e8, 3e8, 4e8])).toEqual(written);
    expect(events.map((one) => one.type)).toEqual(["dropped", "dropped", "generation"]);
    expect(volume.position).toEqual({
      partition: 0,
      objectNumber: 0,
      fileNumber: 0,
      byteOffset: 0,
      endOfData: true,
    });
    expect(volume.partitions.map((one) => one.capacityBytes)).toEqual([1e8, 2e8, 3e8, 4e8]);
    expect((await disk.readdir("/media/RHS001L8")).sort()).toEqual(["g3", "volume.json"]);
  });
  it("none, five, or a capacity of nothing → stopped", async () => {
    const { volume } = await testVolume();
    for (const capacities of [[], [1, 1, 1, 1, 1], [0]]) {
      expect(() => volume.format(capacities)).toThrow();
    }
  });
  it("a disk that is full → fault full, and all is as before", async () => {
    const { disk, volume } = await twoPartitions();
    disk.interfere = (operation) => {
      if (operation === "writev") throw Object.assign(new Error("full"), { code: "ENOSPC" });
    };
    expect(await volume.format([1e9])).toMatchObject({ kind: "fault", fault: "full" });
    disk.interfere = () => undefined;
    expect(await contents(volume)).toEqual(["1 2 F", "3 4"]);
  });
  it("the power goes at any step → the old partitions with their data, or the new ones", async () => {
    const found = new Set<boolean>();
    for (let crashAt = 1; ; crashAt += 1) {
      const test = await twoPartitions();
      test.disk.operations = 0;
      test.disk.crashAt = crashAt;
      const answer = await Promise.resolve(test.volume.format([1e9])).catch(() => undefined);
      const done = test.disk.operations < crashAt;
      const volume = await openOn(test.disk.afterCrash(randomFrom(crashAt)));
      const isNew = volume.partitions.length === 1;
      found.add(isNew);
      expect(isNew || answer?.kind !== "written").toBe(true);
      expect(await contents(volume)).toEqual(isNew ? [""] : ["1 2 F", "3 4"]);
      if (done) break;
    }
    expect(found.size).toBe(2);
  });
});
