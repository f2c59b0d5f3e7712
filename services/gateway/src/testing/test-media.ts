/** For tests: real volumes in a folder of their own, with a hand to write and seal them. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Receipt, WrappedKey } from "@reelhouse/contracts";
import type { SegmentDescription, Volume } from "@reelhouse/medium";
import { openMedia } from "../media/media.ts";
import type { Media } from "../media/media.ts";
import { createSlabPool } from "../portal/slab-pool.ts";

export const testKey: WrappedKey = { kmsKeyId: "alias/test", ciphertext: "AAAA", context: {} };

/** `segmentSha256`: of the segment's file, where a test brings the receipt by the way of uploads. */
export const testReceipt = (
  segment: Pick<SegmentDescription, "segmentBytes">,
  segmentSha256 = "0".repeat(64),
): Receipt => ({
  bucket: "bucket",
  key: "key",
  etag: "etag",
  versionId: null,
  storageClass: "STANDARD",
  objectBytes: segment.segmentBytes,
  objectCrc32c: "0".repeat(8),
  objectSha256: "0".repeat(64),
  segmentBytes: segment.segmentBytes,
  segmentSha256,
  uploadedAt: "2026-11-22T00:00:00.000Z",
});

export interface TestMedia {
  readonly directory: string;
  readonly media: Media;
  make(barcode: string): Promise<Volume>;
  /** Appends a block and seals the segment it lies in. */
  seal(volume: Volume, byteLength: number): Promise<SegmentDescription>;
  /** As `seal`, and its receipt is kept. */
  upload(volume: Volume, byteLength: number): Promise<SegmentDescription>;
  close(): Promise<void>;
}

async function seal(volume: Volume, byteLength: number): Promise<SegmentDescription> {
  const data = {
    views: [Buffer.alloc(byteLength, 1)],
    byteLength,
    release: () => undefined,
  };
  assert.equal((await volume.writeBlocks(data, byteLength)).kind, "written");
  assert.equal((await volume.seal()).kind, "written");
  const sealed = [...volume.segments()].at(-1);
  assert(sealed !== undefined);
  return sealed;
}

export async function openTestMedia(): Promise<TestMedia> {
  const directory = await mkdtemp(path.join(tmpdir(), "media-"));
  const media = await openMedia({
    directory,
    segmentBytesMax: 1024 * 1024,
    ports: () => ({
      admit: () => true,
      recall: () => Promise.reject(new Error("nothing is recalled here")),
      buffers: createSlabPool(),
    }),
    repaired: () => undefined,
    damaged: (barcode, error) => {
      throw new Error(`${barcode} is damaged`, { cause: error });
    },
    now: () => new Date("2026-11-22T00:00:00Z"),
  });

  return {
    directory,
    media,
    make: (barcode) => media.create({ barcode, capacityBytes: 2 ** 30, worm: false, pool: null }),
    seal,
    async upload(volume, byteLength) {
      const sealed = await seal(volume, byteLength);
      const receipt = testReceipt(sealed);
      await volume.recordReceipt(sealed, JSON.stringify(receipt), receipt.objectBytes);
      return sealed;
    },
    async close() {
      await media.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
