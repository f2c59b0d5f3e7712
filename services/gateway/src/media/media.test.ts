import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSlabPool } from "../portal/slab-pool.ts";
import { openTestMedia } from "../testing/test-media.ts";
import { openMedia } from "./media.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "media-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function open() {
  const damaged: string[] = [];
  const media = await openMedia({
    directory,
    segmentBytesMax: 1024 * 1024,
    ports: () => ({
      admit: () => true,
      recall: () => Promise.reject(new Error("nothing is recalled here")),
      buffers: createSlabPool(),
    }),
    repaired: () => undefined,
    damaged: (barcode) => void damaged.push(barcode),
    now: () => new Date("2026-11-22T00:00:00Z"),
  });
  return { media, damaged };
}
const spec = (barcode: string) => ({ barcode, capacityBytes: 2 ** 30, worm: false, pool: null });

test("one damaged volume → keeps its name and its files, and holds up no other", async () => {
  const first = await open();
  for (const barcode of ["RHS001L8", "RHS002L8"]) await first.media.create(spec(barcode));
  await first.media.close();
  await writeFile(path.join(directory, "RHS001L8/g1/volume.log"), "not a log");
  const { media, damaged } = await open();
  expect(damaged).toEqual(["RHS001L8"]);
  expect(media.has("RHS001L8")).toBe(true);
  expect(media.volume("RHS001L8")).toBeUndefined();
  await expect(media.thread("RHS001L8")).rejects.toThrow();
  expect((await media.thread("RHS002L8")).barcode).toBe("RHS002L8");
  expect(await readdir(path.join(directory, "RHS001L8"))).toContain("volume.json");
  await media.close();
});

test("a volume removed → is gone, and removing it once more after a crash does no harm", async () => {
  const { media } = await open();
  await media.create(spec("RHS001L8"));
  await media.remove("RHS001L8");
  await media.remove("RHS001L8");
  expect(await readdir(directory)).toEqual([]);
  expect(media.has("RHS001L8")).toBe(false);
});

test("a volume that could not store all it had → closing says so, after it has closed the others", async () => {
  const { media } = await open();
  const [first, second] = [
    await media.create(spec("RHS001L8")),
    await media.create(spec("RHS002L8")),
  ];
  const failed = { kind: "fault", fault: "write", reason: "EIO" } as const;
  const closes = [vi.spyOn(first, "close").mockResolvedValue(failed), vi.spyOn(second, "close")];
  expect(await media.close()).toBe(false);
  expect(closes.map((close) => close.mock.calls.length)).toEqual([1, 1]);
  closes[0]?.mockRestore();
  expect(await media.close()).toBe(true);
});

test("a folder without volume.json, left by a crash while a volume was made → is no volume", async () => {
  const first = await open();
  await first.media.create(spec("RHS001L8"));
  await first.media.close();
  await rm(path.join(directory, "RHS001L8/volume.json"));
  const { media, damaged } = await open();
  expect([media.barcodes(), damaged]).toEqual([[], []]);
  await media.create(spec("RHS001L8"));
  expect(media.has("RHS001L8")).toBe(true);
  await media.close();
});

test("the segment a drive read last → may be evicted once the cartridge has left the drive", async () => {
  const tape = await openTestMedia();
  const volume = await tape.make("RHS001L8");
  const segment = await tape.upload(volume, 100_000);
  await volume.locate(0);
  const read = await volume.read(100_000);
  if (read.kind === "block") read.data.release();
  expect(read.kind).toBe("block");
  expect(await volume.evict(segment)).toBe(false);
  await volume.rest();
  expect(await volume.evict(segment)).toBe(true);
  await tape.close();
});
