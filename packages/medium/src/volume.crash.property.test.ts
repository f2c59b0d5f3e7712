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

/** What a volume holds, read through the port: its partitions, one after another. */
const contentOf = async (volume: Volume): Promise<string> => {
  const found: string[] = [];
  for (const number of volume.partitions.keys()) found.push(await partitionContent(volume, number));
  await volume.locate(0, 0);
  return found.join("|");
};

const partitionContent = async (volume: Volume, partition: number): Promise<string> => {
  const found: string[] = [];
  await volume.locate(0, partition);
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
  parts: ModelObject[][] = [[]];
  partition = 0;
  at = 0;
  id = 0;
  /** What the attribute may be: written whole, or not. */
  attributes: number[] = [0];
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

  /** Of the present partition. */
  get objects(): ModelObject[] {
    const objects = this.parts[this.partition];
    assert(objects !== undefined);
    return objects;
  }

  get text(): string {
    return this.parts.map(textOf).join("|");
  }

  push(object: ModelObject): void {
    if (this.at < this.objects.length) {
      this.objects.length = this.at;
      this.possible.push(this.text);
    }
    this.objects.push(object);
    this.at += 1;
    this.possible.push(this.text);
  }

  /** False when the disk refused. */
  async step(volume: Volume): Promise<boolean> {
    const pick = below(this.random, 26);
    if (pick === 25) return this.random() < 0.2 ? this.format(volume) : true;
    if (pick === 24) return this.writeAttribute(volume);
    if (pick >= 22) return this.changePartition(volume);
    if (pick >= 20) return this.uploadAndEvict(volume);
    if (pick < 9) return this.writeBlocks(volume);
    if (pick < 12) return this.writeFilemarks(volume);
    if (pick < 15) return this.position(volume);
    if (pick === 15) return this.erase(volume);
    const result = pick === 16 ? await volume.seal() : await volume.synchronize();
    if (result.kind === "written") this.possible = [this.text];
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
      this.possible.push(this.text);
    }
    for (let made = 0; made < count; made += 1) this.objects.push(0);
    this.at = this.objects.length;
    this.possible.push(this.text);
    return (await volume.writeFilemarks(count)).kind === "written";
  }

  async position(volume: Volume): Promise<boolean> {
    const near = Math.max(0, this.objects.length - below(this.random, 12));
    this.at = this.random() < 0.1 ? 0 : near;
    return (await volume.locate(this.at)).kind === "located";
  }

  async format(volume: Volume): Promise<boolean> {
    this.parts = Array.from({ length: 1 + below(this.random, 4) }, () => []);
    this.partition = 0;
    this.at = 0;
    this.possible.push(this.text);
    const result = await volume.format(this.parts.map(() => 1e6));
    if (result.kind === "written") this.possible = [this.text];
    return result.kind === "written";
  }

  /** Into another partition, what was written before is stored first. */
  async changePartition(volume: Volume): Promise<boolean> {
    const to = below(this.random, this.parts.length);
    const length = this.parts[to]?.length ?? 0;
    const at = below(this.random, 3) === 0 ? 0 : length;
    if ((await volume.locate(at, to)).kind !== "located") return false;
    // After a failure there is nothing to store any more: it goes there without.
    if (to !== this.partition && volume.failedWrite === undefined) this.possible = [this.text];
    this.partition = to;
    this.at = at;
    return true;
  }

  async writeAttribute(volume: Volume): Promise<boolean> {
    const value = (this.id += 1);
    this.attributes.push(value);
    const attribute = { identifier: 0x0401, format: 0, value: marked(value, 4) } as const;
    const result = await volume.writeAttributes(0, [attribute]);
    if (result.kind === "written") this.attributes = [value];
    return result.kind === "written";
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
    this.possible.push(this.text);
    return (await volume.erase()).kind === "written";
  }
}

const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null };

/** One life: opens what is there, writes, loses power or is killed; gives the disk as it is found after. */
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
    const [attribute] = volume.attributes(0);
    const value = attribute === undefined ? 0 : Buffer.from(attribute.value).readUInt32BE(0);
    assert.ok(writer.attributes.includes(value), `attribute ${value}`);
    writer.attributes = [value];
    await writer.checkKept(volume, disk);
    // From here on it is this one: opening makes it last.
    writer.possible = [content];
    writer.parts = content
      .split("|")
      .map((part) => (part === "" ? [] : part.split(" ").map(objectOf)));
    writer.partition = 0;
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
  const killed = writer.random() < 0.4;
  return { disk: killed ? disk.afterKill() : disk.afterCrash(writer.random), crashed };
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
