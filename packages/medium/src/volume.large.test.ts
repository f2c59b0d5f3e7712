/** A volume of 15 TiB in 245,000 segments: opening costs by its segments, and little. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeLogRow } from "./log-rows.ts";
import { nodeDisk } from "./node-disk.ts";
import { slabPool } from "./testing-model.ts";
import { Volume } from "./volume.ts";

const segments = 245_000;
const blocks = 1023;
const blockBytes = 65_568;
const uuid = "0f0e0d0c-0b0a-4908-8706-050403020100";
const receiptText = JSON.stringify({ key: "x".repeat(600) });
const receiptJson = Buffer.from(receiptText, "utf8");

/** Every segment sealed, hashed and uploaded; none of them in the cache. */
const log = (): Buffer => {
  const rows = [encodeLogRow({ kind: "start", generation: 1, nextNumber: 1, epoch: 0, uuid })];
  for (let at = 0; at < segments; at += 1) {
    const number = at + 1;
    const usedBytes = blocks * blockBytes;
    const row = {
      kind: "segment",
      uncompressed: false,
      partition: 0,
      number,
      epoch: 0,
      indexEntries: 1,
      firstObject: at * blocks,
      endObject: number * blocks,
      firstFilemark: 0,
      endFilemark: 0,
      firstByte: at * usedBytes,
      usedBytes,
      fileBytes: usedBytes + 288,
    } as const;
    rows.push(encodeLogRow({ ...row, state: "sealed" }));
    rows.push(encodeLogRow({ kind: "receipt", partition: 0, number, objectBytes: 1, receiptJson }));
  }
  return Buffer.concat(rows);
};

describe("a large volume", () => {
  it("245,000 segments → opens by its log alone, is located in at once", async () => {
    const root = mkdtempSync(join(tmpdir(), "medium-large-"));
    try {
      const ports = {
        admit: () => true,
        recall: () => Promise.reject(new Error("the vault is far away")),
        buffers: slabPool(4096),
      };
      const made = { barcode: "RHS001L8", capacityBytes: 2 ** 44, worm: false, pool: null };
      const createdAt = "2026-11-22T00:00:00Z";
      const disk = nodeDisk();
      const fresh = await Volume.create(disk, root, { ...made, createdAt, uuid }, ports);
      await fresh.close();
      mkdirSync(join(root, "RHS001L8/g1/p0"), { recursive: true });
      writeFileSync(join(root, "RHS001L8/g1/volume.log"), log());
      const heapBefore = process.memoryUsage().heapUsed;
      const start = performance.now();
      const { volume } = await Volume.open(disk, root, "RHS001L8", ports);
      const openMs = performance.now() - start;
      const heapMiB = Math.round((process.memoryUsage().heapUsed - heapBefore) / 2 ** 20);
      console.info(`245,000 segments opened in ${Math.round(openMs)} ms, heap +${heapMiB} MiB`);
      expect(openMs).toBeLessThan(20_000);
      expect(volume.describe().objects).toBe(segments * blocks);
      expect(volume.describe().uploadedBytes).toBe(segments * blocks * blockBytes);
      const locating = performance.now();
      expect(await volume.locate(123_456 * blocks)).toEqual({ kind: "located" });
      expect(performance.now() - locating).toBeLessThan(50);
      expect(await volume.locate(123_456 * blocks + 1)).toMatchObject({ fault: "recall" });
      const ref = { generation: 1, partition: 0, number: 123_457 };
      expect(await volume.receiptOf(ref)).toBe(receiptText);
      await volume.close();
    } finally {
      rmSync(root, { recursive: true });
    }
  }, 60_000);
});
