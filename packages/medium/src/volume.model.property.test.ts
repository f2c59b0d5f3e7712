/** The volume against a plain array: any sequence of operations gives what the array gives. */
import assert from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { CrashDisk } from "./testing-crash-disk.ts";
import {
  below,
  blockBytes,
  bytesOf,
  dataOut,
  type ModelObject,
  randomFrom,
  testPorts,
} from "./testing-model.ts";
import { checkSegmentFile } from "./testing-segment-file.ts";
import { Volume } from "./volume.ts";

const root = "/media";
const options = { segmentBytesMax: 16 * 1024, stagedBytesMax: 24 * 1024 };

class Run {
  readonly random: () => number;
  readonly disk = new CrashDisk();
  readonly outside = testPorts(() => this.disk, root, 2048);
  readonly released: { released: number }[] = [];
  readonly busy: boolean;
  beside: Promise<unknown>[] = [];
  parts: ModelObject[][] = [[]];
  partition = 0;
  at = 0;
  id = 0;
  volume!: Volume;

  constructor(seed: number, busy: boolean) {
    this.busy = busy;
    this.random = randomFrom(seed);
  }

  /** Of the present partition. */
  get objects(): ModelObject[] {
    return this.parts[this.partition] ?? [];
  }

  async start(): Promise<void> {
    await this.disk.mkdir(root);
    const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null };
    const createdAt = "2026-11-22T00:00:00Z";
    this.volume = await Volume.create(
      this.disk,
      root,
      { ...made, createdAt },
      this.outside.ports,
      options,
    );
  }

  readonly actions: readonly (readonly [number, () => Promise<void>])[] = [
    [6, () => this.writeBlocks()],
    [3, () => this.writeFilemarks()],
    [6, () => this.read()],
    [3, () => this.spaceBlocks()],
    [3, () => this.spaceFilemarks()],
    [3, () => this.locate()],
    [2, () => this.changePartition()],
    [1, () => this.format()],
    [1, () => this.eod()],
    [1, () => this.seal()],
    [1, () => this.sync()],
    [1, () => this.erase()],
    [2, () => this.uploadAndEvict()],
    [1, () => this.reopen()],
  ];

  /** What the gateway does beside the drive, at any moment and without being waited for. */
  background(): void {
    const pick = below(this.random, 4);
    if (pick === 0) this.beside.push(this.volume.backgroundSync());
    if (pick === 1) this.beside.push(this.volume.seal());
    if (pick > 1) this.beside.push(this.uploadBeside());
  }

  async uploadBeside(): Promise<void> {
    const segments = Array.from(this.volume.segments());
    for (const segment of segments) {
      const now = this.volume.segment(segment)?.state;
      if (now === "sealed") {
        try {
          const described = await this.volume.describeSegment(segment);
          if (described === undefined) continue;
          this.outside.store(described);
          await this.volume.recordReceipt(segment, JSON.stringify({ of: segment.number }), 77);
        } catch (error) {
          // Only because it was dropped meanwhile.
          if (this.volume.segment(segment) !== undefined) throw error;
        }
      }
      await this.volume.evict(segment);
    }
  }

  async step(): Promise<void> {
    if (this.busy) this.background();
    const total = this.actions.reduce((sum, [weight]) => sum + weight, 0);
    let pick = below(this.random, total);
    for (const [weight, action] of this.actions) {
      pick -= weight;
      if (pick < 0) {
        await action();
        break;
      }
    }
    this.check();
  }

  check(): void {
    const { position } = this.volume;
    assert.equal(position.partition, this.partition);
    assert.equal(position.objectNumber, this.at);
    assert.equal(
      position.fileNumber,
      this.objects.slice(0, this.at).filter((one) => one === 0).length,
    );
    assert.equal(position.endOfData, this.at === this.objects.length);
    const described = this.volume.describe();
    assert.equal(described.objects, this.parts.flat().length);
    assert.deepEqual(
      this.volume.partitions.map((one) => [one.objectCount, one.filemarkCount]),
      this.parts.map((one) => [one.length, one.filter((object) => object === 0).length]),
    );
    assert.equal(described.usedBytes, described.uploadedBytes + described.pendingBytes);
    let used = 0;
    for (const segment of this.volume.segments()) used += segment.usedBytes;
    assert.equal(described.usedBytes, used);
  }

  async writeBlocks(): Promise<void> {
    const lengths = [1, 512, 512, 512, 3000, 9000, 20_000];
    const length = lengths[below(this.random, lengths.length)] ?? 1;
    const count = length > 2000 ? 1 : 1 + below(this.random, 20);
    const made = Array.from({ length: count }, () => ({ id: (this.id += 1), length }));
    const { data, state } = dataOut(
      made.map((one) => blockBytes(one.id, length)),
      this.random,
    );
    this.released.push(state);
    assert.deepEqual(await this.volume.writeBlocks(data, length), { kind: "written" });
    this.objects.length = this.at;
    this.objects.push(...made);
    this.at = this.objects.length;
  }

  async writeFilemarks(): Promise<void> {
    const count = below(this.random, 4);
    assert.deepEqual(await this.volume.writeFilemarks(count), { kind: "written" });
    if (count === 0) return;
    this.objects.length = this.at;
    for (let made = 0; made < count; made += 1) this.objects.push(0);
    this.at = this.objects.length;
  }

  async read(): Promise<void> {
    for (let count = below(this.random, 12); count > 0; count -= 1) {
      const max = this.random() < 0.2 ? 100 : 1 << 20;
      const result = await this.volume.read(max);
      const object = this.objects[this.at];
      if (object === undefined) {
        assert.deepEqual(result, { kind: "endOfData" });
        return;
      }
      this.at += 1;
      if (object === 0) {
        assert.deepEqual(result, { kind: "filemark" });
        continue;
      }
      if (result.kind !== "block") throw new Error(JSON.stringify(result));
      assert.equal(result.length, object.length);
      const expected = blockBytes(object.id, object.length).subarray(0, max);
      assert.equal(bytesOf(result.data).equals(expected), true);
      result.data.release();
    }
  }

  async spaceBlocks(): Promise<void> {
    const count = below(this.random, 41) - 20;
    let moved = 0;
    let stop = "count";
    while (moved < Math.abs(count) && stop === "count") {
      if (count > 0 && this.at === this.objects.length) stop = "endOfData";
      else if (count < 0 && this.at === 0) stop = "beginningOfPartition";
      else {
        const passed = this.objects[count > 0 ? this.at : this.at - 1];
        this.at += Math.sign(count);
        if (passed === 0) stop = "filemark";
        else moved += 1;
      }
    }
    assert.deepEqual(await this.volume.spaceBlocks(count), { kind: "spaced", moved, stop });
  }

  async spaceFilemarks(): Promise<void> {
    const count = below(this.random, 9) - 4;
    let moved = 0;
    let stop = "count";
    while (moved < Math.abs(count) && stop === "count") {
      if (count > 0 && this.at === this.objects.length) stop = "endOfData";
      else if (count < 0 && this.at === 0) stop = "beginningOfPartition";
      else {
        if (this.objects[count > 0 ? this.at : this.at - 1] === 0) moved += 1;
        this.at += Math.sign(count);
      }
    }
    assert.deepEqual(await this.volume.spaceFilemarks(count), { kind: "spaced", moved, stop });
  }

  async locate(): Promise<void> {
    const to = below(this.random, this.objects.length + 3);
    const kind = to > this.objects.length ? "endOfData" : "located";
    assert.deepEqual(await this.volume.locate(to), { kind });
    this.at = Math.min(to, this.objects.length);
  }

  async changePartition(): Promise<void> {
    this.partition = below(this.random, this.parts.length);
    const to = below(this.random, this.objects.length + 2);
    const kind = to > this.objects.length ? "endOfData" : "located";
    assert.deepEqual(await this.volume.locate(to, this.partition), { kind });
    this.at = Math.min(to, this.objects.length);
  }

  /** Rare beside the writes, so that partitions fill. */
  async format(): Promise<void> {
    if (this.random() < 0.4) return;
    this.parts = Array.from({ length: 1 + below(this.random, 4) }, () => []);
    const capacities = this.parts.map((_, number) => 1e6 * (number + 1));
    assert.deepEqual(await this.volume.format(capacities), { kind: "written" });
    assert.deepEqual(
      this.volume.partitions.map((one) => one.capacityBytes),
      capacities,
    );
    this.partition = 0;
    this.at = 0;
  }

  eod(): Promise<void> {
    this.volume.spaceEndOfData();
    this.at = this.objects.length;
    return Promise.resolve();
  }

  async seal(): Promise<void> {
    assert.deepEqual(await this.volume.seal(), { kind: "written" });
  }

  async sync(): Promise<void> {
    assert.deepEqual(await this.volume.synchronize(), { kind: "written" });
  }

  async erase(): Promise<void> {
    assert.deepEqual(await this.volume.erase(), { kind: "written" });
    this.objects.length = this.at;
  }

  async uploadAndEvict(): Promise<void> {
    for (const segment of this.volume.segments()) {
      if (segment.state === "sealed" && this.random() < 0.7) {
        assert.match((await this.volume.describeSegment(segment))?.sha256 ?? "", /^[0-9a-f]{64}$/);
        this.outside.store(segment);
        const json = JSON.stringify({ of: segment.number });
        assert.equal(await this.volume.recordReceipt(segment, json, 77), true);
        assert.equal(await this.volume.receiptOf(segment), json);
      }
      await this.volume.evict(segment);
    }
  }

  async reopen(): Promise<void> {
    await Promise.all(this.beside);
    this.beside = [];
    assert.ok(
      this.outside.pool.held <= 14,
      "a block of 20,000 bytes takes 11 slabs, and no more are held",
    );
    assert.deepEqual(await this.volume.close(), { kind: "written" });
    for (const state of this.released) assert.equal(state.released, 1);
    assert.equal(this.outside.pool.held, 0);
    for (const segment of this.volume.segments()) {
      if (segment.state !== "sealed" && segment.state !== "uploaded") continue;
      checkSegmentFile(this.disk.contentOf(`${root}/${segment.path}`));
    }
    const ports = this.outside.ports;
    const { volume, repaired } = await Volume.open(this.disk, root, "RHS001L8", ports, options);
    assert.deepEqual(repaired, {
      logBytesCut: 0,
      cuts: [],
      segmentsDropped: [],
      segmentsLost: [],
      filesRemoved: [],
    });
    this.volume = volume;
    this.partition = 0;
    this.at = 0;
  }
}

const run = async (seed: number, busy: boolean): Promise<Run> => {
  const one = new Run(seed, busy);
  await one.start();
  for (let count = 0; count < 60; count += 1) await one.step();
  await one.reopen();
  for (const number of one.parts.keys()) {
    await one.volume.locate(0, number);
    one.partition = number;
    one.at = 0;
    while (one.at < one.objects.length) await one.read();
  }
  return one;
};

describe("volume and array", () => {
  const seeds = Array.from({ length: 50 }, (_, at) => at + 1);
  it.each(seeds)("any operations, seed %i → the same objects", async (seed) => {
    expect((await run(seed, false)).volume.position.endOfData).toBe(true);
  });
  it.each(seeds)("the same beside syncs, seals, uploads and evictions, seed %i", async (seed) => {
    expect((await run(seed, true)).volume.position.endOfData).toBe(true);
  });
});
