/**
 * The power goes at any disk operation of any sequence: the volume opened afterwards is what it was at some moment at
 * or after the last answered synchronise, whatever part of the unsynced writes and names survived.
 */
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
import type { SegmentDescription } from "./port.ts";
import { Volume } from "./volume.ts";
import type { VolumeOptions } from "./volume-options.ts";

const root = "/media";
/** Odd seeds cross many segments; even ones overwrite like with like in one, where stale records fit best. */
const optionsOf = (seed: number) => ({
  segmentBytesMax: seed % 2 === 1 ? 4 * 1024 : 64 * 1024,
  stagedBytesMax: 12 * 1024,
});

const textOf = (objects: readonly ModelObject[]): string =>
  objects.map((one) => (one === 0 ? "F" : `${one.id}:${one.length}`)).join(" ");

/** What a volume holds, read through the port. */
const contentOf = async (volume: Volume): Promise<string> => {
  const found: string[] = [];
  await volume.locate(0);
  for (;;) {
    const result = await volume.read(1 << 24);
    if (result.kind === "endOfData") return found.join(" ");
    if (result.kind === "fault") throw new Error(result.reason);
    if (result.kind === "filemark") found.push("F");
    else {
      const bytes = bytesOf(result.data);
      const id = bytes.readUInt32BE(0);
      if (!bytes.subarray(4).equals(blockBytes(id, result.length).subarray(4))) {
        throw new Error("a block that was never written");
      }
      found.push(`${id}:${result.length}`);
      result.data.release();
    }
  }
};

const marked = (id: number, length: number): Buffer => {
  const bytes = blockBytes(id, length);
  bytes.writeUInt32BE(id, 0);
  return bytes;
};

/** Writes until the power goes; keeps every state the volume may be found in. */
class Writer {
  readonly random: () => number;
  objects: ModelObject[] = [];
  at = 0;
  id = 0;
  /** The states since the last answered synchronise, that one first. */
  possible: string[] = [""];

  readonly lengths: readonly number[];
  /** Segment files as the uploader got them, and the receipts that were answered with true, both by path. */
  readonly vault = new Map<string, Buffer>();
  readonly receipts = new Map<string, string>();
  store: (segment: SegmentDescription) => void = () => undefined;

  constructor(random: () => number, lengths: readonly number[]) {
    this.random = random;
    this.lengths = lengths;
  }

  push(object: ModelObject): void {
    if (this.at < this.objects.length) {
      this.objects.length = this.at;
      this.possible.push(textOf(this.objects));
    }
    this.objects.push(object);
    this.at += 1;
    this.possible.push(textOf(this.objects));
  }

  /** False when the disk refused. */
  async step(volume: Volume): Promise<boolean> {
    const pick = below(this.random, 22);
    if (pick >= 20) return this.uploadAndEvict(volume);
    if (pick < 9) return this.writeBlocks(volume);
    if (pick < 12) return this.writeFilemarks(volume);
    if (pick < 15) return this.position(volume);
    if (pick === 15) return this.erase(volume);
    const result = pick === 16 ? await volume.seal() : await volume.synchronize();
    if (result.kind === "written") this.possible = [textOf(this.objects)];
    return result.kind === "written";
  }

  async writeBlocks(volume: Volume): Promise<boolean> {
    const length = this.lengths[below(this.random, this.lengths.length)] ?? 8;
    const count = 1 + below(this.random, 5);
    const made = Array.from({ length: count }, () => ({ id: (this.id += 1), length }));
    for (const one of made) this.push(one);
    const blocks = made.map((one) => marked(one.id, length));
    const { data } = dataOut(blocks, this.random);
    return (await volume.writeBlocks(data, length)).kind === "written";
  }

  async writeFilemarks(volume: Volume): Promise<boolean> {
    const count = 1 + below(this.random, 3);
    // A run is one record: all of it or nothing.
    if (this.at < this.objects.length) {
      this.objects.length = this.at;
      this.possible.push(textOf(this.objects));
    }
    for (let made = 0; made < count; made += 1) this.objects.push(0);
    this.at = this.objects.length;
    this.possible.push(textOf(this.objects));
    return (await volume.writeFilemarks(count)).kind === "written";
  }

  async position(volume: Volume): Promise<boolean> {
    const near = Math.max(0, this.objects.length - below(this.random, 12));
    this.at = this.random() < 0.1 ? 0 : near;
    return (await volume.locate(this.at)).kind === "located";
  }

  async uploadAndEvict(volume: Volume): Promise<boolean> {
    for (const segment of volume.segments()) {
      if (segment.state === "sealed" && this.random() < 0.7) {
        this.store(segment);
        await volume.describeSegment(segment);
        const json = JSON.stringify({ receipt: this.id });
        if (await volume.recordReceipt(segment, json, 1)) this.receipts.set(segment.path, json);
      }
      if (this.random() < 0.5) await volume.evict(segment);
    }
    return true;
  }

  /** What an uploader got is sealed for ever, and an answered receipt is there. */
  async checkKept(volume: Volume, disk: CrashDisk): Promise<void> {
    for (const segment of volume.segments()) {
      const uploaded = this.vault.get(segment.path);
      if (uploaded === undefined) continue;
      assert.notEqual(segment.state, "open");
      if (segment.state !== "evicted") {
        assert.ok(disk.contentOf(`${root}/${segment.path}`).equals(uploaded), "sealed for ever");
      }
      const json = this.receipts.get(segment.path);
      if (json !== undefined) assert.equal(await volume.receiptOf(segment), json);
    }
  }

  async erase(volume: Volume): Promise<boolean> {
    this.objects.length = this.at;
    this.possible.push(textOf(this.objects));
    return (await volume.erase()).kind === "written";
  }
}

const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null };

/** One life: opens what is there, writes, loses power; gives the disk as it is found after. */
const live = async (
  disk: CrashDisk,
  writer: Writer,
  steps: number,
  options: VolumeOptions,
): Promise<{ disk: CrashDisk; crashed: boolean }> => {
  const { ports, store } = testPorts(() => disk, root, 2048, writer.vault);
  writer.store = store;
  try {
    const { volume } = await Volume.open(disk, root, made.barcode, ports, options);
    const content = await contentOf(volume);
    if (!writer.possible.includes(content)) {
      assert.fail(`found   ${content}\nallowed ${writer.possible.join("\n        ")}`);
    }
    await writer.checkKept(volume, disk);
    // From here on it is this one: opening makes it last.
    writer.possible = [content];
    writer.objects = content === "" ? [] : content.split(" ").map(objectOf);
    writer.at = 0;
    volume.spaceEndOfData();
    writer.at = writer.objects.length;
    for (let count = 0; count < steps; count += 1) {
      if (await writer.step(volume)) continue;
      if (disk.operations < disk.crashAt) assert.fail(`refused: ${volume.failedWrite}`);
      break;
    }
  } catch (error) {
    if (disk.operations < disk.crashAt) throw error;
  }
  const crashed = disk.operations >= disk.crashAt;
  await settle();
  return { disk: disk.afterCrash(writer.random), crashed };
};

const objectOf = (text: string): ModelObject => {
  if (text === "F") return 0;
  const [id, length] = text.split(":");
  return { id: Number(id), length: Number(length) };
};

/** Lets operations in flight run into the missing power. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};

describe("crash", () => {
  const seeds = Array.from({ length: 120 }, (_, at) => at + 1);
  it.each(seeds)(
    "power lost again and again, seed %i → a state since the last sync",
    async (seed) => {
      const random = randomFrom(seed);
      const options = optionsOf(seed);
      let disk = new CrashDisk();
      const { ports } = testPorts(() => disk, root, 2048);
      await disk.mkdir(root);
      await disk.syncDirectory("/");
      const createdAt = "2026-11-22T00:00:00Z";
      const first = await Volume.create(disk, root, { ...made, createdAt }, ports, options);
      await first.close();
      const writer = new Writer(random, seed % 2 === 1 ? [8, 300, 300, 1500] : [480]);
      for (let crash = 0; crash < 6; crash += 1) {
        disk.operations = 0;
        disk.crashAt = 1 + below(random, 160);
        ({ disk } = await live(disk, writer, 60, options));
      }
      disk.crashAt = Infinity;
      const last = await live(disk, writer, 0, options);
      expect(last.crashed).toBe(false);
    },
  );
});
