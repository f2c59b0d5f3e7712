/** Two partitions on their whole way: written, uploaded, given up by the cache, recalled, before and after a restart. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { segmentId, uploadSegment } from "@reelhouse/contracts";
import type { EventBody } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import { createLogger, createMetrics } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSlabPool } from "../portal/slab-pool.ts";
import { FakeQueue } from "../testing/fake-queue.ts";
import { testKey, testReceipt } from "../testing/test-media.ts";
import { until } from "../testing/waiting.ts";
import { composeManifest } from "../vault-link/compose-manifest.ts";
import { createRecall } from "../vault-link/recall.ts";
import { Uploads } from "../vault-link/uploads.ts";
import { evict } from "./evict.ts";
import { openMedia } from "./media.ts";
import type { Media } from "./media.ts";
import { createVolumePorts } from "./volume-ports.ts";

const library = "gw1";
const barcode = "RHS001L8";
const blockBytes = 50_000;
const logger = createLogger("test", "fatal");

let directory: string;
let media: Media;
/** The store: segments by their ids. */
let stored: Map<string, Buffer>;
let told: EventBody[];

const open = async () => {
  const recall = createRecall({
    libraryOf: () => library,
    mediaDirectory: directory,
    vault: {
      getSegment: async ({ segment }, destination) => {
        await writeFile(destination, stored.get(segmentId(segment)) ?? "");
      },
    },
    logger,
    metrics: createMetrics("gateway"),
    makeRoom: () => Promise.resolve(),
  });
  media = await openMedia({
    directory,
    segmentBytesMax: 256 * 1024,
    ports: createVolumePorts({
      libraryOf: () => library,
      slabs: createSlabPool(),
      recall,
      listeners: {
        emit: (body) => void told.push(body),
        sealed: () => undefined,
        changed: () => undefined,
      },
      cache: () => ({ admit: () => true }),
      volume: (name) => media.volume(name),
    }),
    repaired: () => undefined,
    damaged: (name, error) => {
      throw new Error(`${name} is damaged`, { cause: error });
    },
    now: () => new Date("2026-11-22T00:00:00Z"),
  });
};

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "partitions-"));
  stored = new Map();
  told = [];
  await open();
});
afterEach(async () => {
  await media.close();
  await rm(directory, { recursive: true, force: true });
});

/** Blocks of random bytes and a filemark, at the beginning of the partition. */
async function writePartition(volume: Volume, partition: number, count: number): Promise<Buffer> {
  const bytes = randomBytes(count * blockBytes);
  await volume.locate(0, partition);
  const data = { views: [bytes], byteLength: bytes.length, release: () => undefined };
  expect(await volume.writeBlocks(data, blockBytes)).toEqual({ kind: "written" });
  expect(await volume.writeFilemarks(1)).toEqual({ kind: "written" });
  return bytes;
}

async function readPartition(volume: Volume, partition: number): Promise<Buffer> {
  await volume.locate(0, partition);
  const blocks: Buffer[] = [];
  for (;;) {
    const result = await volume.read(blockBytes);
    if (result.kind === "filemark") return Buffer.concat(blocks);
    if (result.kind !== "block") throw new Error(JSON.stringify(result));
    blocks.push(Buffer.concat(result.data.views));
    result.data.release();
  }
}

const read = async (volume: Volume) => [
  await readPartition(volume, 0),
  await readPartition(volume, 1),
];

/** An uploader that does every job that is offered. */
async function uploadAll(volume: Volume): Promise<void> {
  const queue = new FakeQueue();
  const uploads = new Uploads({
    libraryOf: () => library,
    media,
    keys: { ensure: () => Promise.resolve(testKey) },
    queue,
    events: queue.events,
    logger,
    metrics: createMetrics("gateway"),
    emit: (body) => void told.push(body),
  });
  const due = [...volume.segments()].filter(({ state }) => state === "sealed");
  await uploads.look();
  expect(queue.offers.length).toBe(due.length);
  for (const { id, payload } of queue.offers) {
    const job = uploadSegment.payload.parse(payload);
    const bytes = await readFile(path.join(directory, job.path));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(job.segmentSha256);
    stored.set(id, bytes);
    queue.complete(uploadSegment, id, { receipt: testReceipt(job, job.segmentSha256) });
  }
  await until(() => volume.describe().pendingBytes === 0);
  await uploads.close();
}

async function evictAll(volume: Volume): Promise<void> {
  await evict({
    volumes: [volume],
    usedMs: () => 0,
    excessBytes: Infinity,
    freed: () => undefined,
    failed: (_, error) => {
      throw error;
    },
  });
  expect(new Set([...volume.segments()].map(({ state }) => state))).toEqual(new Set(["evicted"]));
  for (const partition of ["p0", "p1"])
    expect(await readdir(path.join(directory, barcode, "g2", partition))).toEqual([]);
}

test("two partitions uploaded, evicted, recalled, evicted, restarted → the bytes of both", async () => {
  const volume = await media.create({ barcode, capacityBytes: 2 ** 30, worm: false, pool: null });
  await volume.setWrappedKey(testKey);
  await volume.format([2 ** 28, 2 ** 29]);
  const written = [await writePartition(volume, 0, 3), await writePartition(volume, 1, 17)];
  await volume.seal();
  await uploadAll(volume);
  expect([...stored.keys()]).toEqual([
    "gw1/RHS001L8/g2/p0/00000001",
    ...[1, 2, 3, 4].map((number) => `gw1/RHS001L8/g2/p1/0000000${number}`),
  ]);
  await evictAll(volume);
  expect(await read(volume)).toEqual(written);
  expect(told.filter(({ type }) => type === "segment.recalled").length).toBe(5);
  await volume.rest();
  await evictAll(volume);
  await media.close();
  await open();
  const again = media.volume(barcode);
  if (again === undefined) throw new Error("the volume is there");
  expect(again.describe()).toMatchObject({ segments: 5, pendingBytes: 0, cachedBytes: 0 });
  expect(await read(again)).toEqual(written);
  const names = { gateway: "gw1", library, sequence: 1, createdAt: "2026-11-22T00:00:00Z" };
  const manifest = await composeManifest(again, names);
  expect(manifest?.complete).toBe(true);
  expect(
    manifest?.segments.map(({ partition, firstObject, endObject }) =>
      [partition, firstObject, endObject].join(" "),
    ),
  ).toEqual(["0 0 4", "1 0 5", "1 5 10", "1 10 15", "1 15 18"]);
});

test("an overwrite at BOP of one partition → the other's segments stay in the vault and can be recalled", async () => {
  const volume = await media.create({ barcode, capacityBytes: 2 ** 30, worm: false, pool: null });
  await volume.setWrappedKey(testKey);
  await volume.format([2 ** 28, 2 ** 29]);
  await writePartition(volume, 0, 3);
  const kept = await writePartition(volume, 1, 3);
  await volume.seal();
  await uploadAll(volume);
  await evictAll(volume);
  told.length = 0;
  const replaced = await writePartition(volume, 0, 2);
  expect(told).toMatchObject([{ type: "segment.dropped", segment: { partition: 0, number: 1 } }]);
  await volume.seal();
  await uploadAll(volume);
  await volume.rest();
  await evictAll(volume);
  expect(await readPartition(volume, 0)).toEqual(replaced);
  expect(await readPartition(volume, 1)).toEqual(kept);
  expect(volume.compression.inBytes).toBe(volume.compression.outBytes);
});
