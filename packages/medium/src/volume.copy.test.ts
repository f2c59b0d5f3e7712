/** No payload byte is copied on the way to the disk; and how fast that is here (printed, not judged). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Disk } from "./disk.ts";
import { nodeDisk } from "./node-disk.ts";
import type { VolumePorts } from "./port.ts";
import { slabPool } from "./testing-model.ts";
import { Volume } from "./volume.ts";

const made = {
  barcode: "RHS001L8",
  capacityBytes: 1e12,
  worm: false,
  pool: null,
  createdAt: "2026-11-22T00:00:00Z",
};

const inFolder = async <T>(work: (root: string) => Promise<T>): Promise<T> => {
  const root = mkdtempSync(join(tmpdir(), "medium-"));
  try {
    return await work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
};

/** The real disk, and every buffer that `writev` was given. */
const watched = (seen: Set<ArrayBufferLike>): Disk => {
  const disk = nodeDisk();
  return {
    ...disk,
    open: async (path, mode) => {
      const file = await disk.open(path, mode);
      return {
        ...file,
        writev: (buffers, position) => {
          for (const buffer of buffers) seen.add(buffer.buffer);
          return file.writev(buffers, position);
        },
      };
    },
  };
};

const portsOf = (slabBytes: number): VolumePorts => ({
  admit: () => true,
  recall: () => Promise.reject(new Error("there is no vault here")),
  buffers: slabPool(slabBytes),
});

describe("the write path", () => {
  it("blocks in many views → writev gets the very same memory", async () => {
    const seen = new Set<ArrayBufferLike>();
    await inFolder(async (root) => {
      const volume = await Volume.create(watched(seen), root, made, portsOf(1 << 20));
      const slabs = Array.from({ length: 3 }, () => new Uint8Array(100_000).fill(7));
      for (const slab of slabs) {
        const views = [slab.subarray(0, 33_333), slab.subarray(33_333)];
        await volume.writeBlocks({ views, byteLength: 100_000, release: () => undefined }, 10_000);
      }
      await volume.close();
      expect(slabs.every((slab) => seen.has(slab.buffer))).toBe(true);
    });
  });

  it("256 KiB blocks and 4 KiB blocks → MB/s on this disk", async () => {
    for (const blockLength of [262_144, 4096]) {
      await inFolder(async (root) => {
        const volume = await Volume.create(nodeDisk(), root, made, portsOf(1 << 20));
        const total = 96 * 1024 * 1024;
        const slab = new Uint8Array(262_144).map((_, at) => at);
        const data = { views: [slab], byteLength: slab.byteLength, release: () => undefined };
        const start = performance.now();
        for (let at = 0; at < total; at += slab.byteLength) {
          const result = volume.writeBlocks(data, blockLength);
          if (result instanceof Promise) await result;
        }
        const buffered = performance.now();
        await volume.synchronize();
        const synced = performance.now();
        await volume.locate(0);
        let read = 0;
        for (;;) {
          const pending = volume.read(1 << 20);
          const result = pending instanceof Promise ? await pending : pending;
          if (result.kind !== "block") break;
          read += result.length;
          result.data.release();
        }
        const speed = (ms: number) => `${Math.round(total / 1e3 / ms)} MB/s`;
        console.info(
          `${blockLength}: write ${speed(buffered - start)}, with sync ${speed(synced - start)}, ` +
            `read ${speed(performance.now() - synced)}`,
        );
        expect(read).toBe(total);
        await volume.close();
      });
    }
  });
});
