import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { segmentId, uploadSegment } from "@reelhouse/contracts";
import type { EventBody } from "@reelhouse/contracts";
import type { SegmentDescription, Volume } from "@reelhouse/medium";
import type { Metrics } from "@reelhouse/service-kit";
import { createLogger, createMetrics } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeQueue } from "../testing/fake-queue.ts";
import { openTestMedia, testKey, testReceipt } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { until } from "../testing/waiting.ts";
import { offerAgainMs } from "./offers.ts";
import { houseRef } from "./segment-names.ts";
import { sweepMs, Uploads } from "./uploads.ts";

let tape: TestMedia;
let queue: FakeQueue;
let uploads: Uploads;
let told: EventBody[];
/** Barcodes of volumes for which KMS gives no key. */
let noKeyFor: Set<string>;
let lines: string[];
let metrics: Metrics;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  tape = await openTestMedia();
  queue = new FakeQueue();
  told = [];
  noKeyFor = new Set();
  lines = [];
  metrics = createMetrics("gateway");
  uploads = new Uploads({
    libraryOf: () => "gw1",
    media: tape.media,
    keys: {
      ensure: async ({ barcode }) => {
        if (noKeyFor.has(barcode)) throw new Error("KMS does not answer");
        return testKey;
      },
    },
    queue,
    events: queue.events,
    logger: createLogger("test", "warn", { write: (line) => lines.push(line) }),
    metrics,
    emit: (event) => void told.push(event),
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await uploads.close();
  await tape.close();
});

const idOf = (volume: Volume, segment: SegmentDescription) =>
  segmentId(houseRef("gw1", volume.barcode, segment));

/** What an uploader would answer for the segment. */
const receiptFor = async (volume: Volume, segment: SegmentDescription) =>
  testReceipt(segment, (await volume.describeSegment(segment))?.sha256);

/** Brings the receipt of another segment, and waits until it is kept: receipts before it have been dealt with then. */
const untilKept = async (volume: Volume, segment: SegmentDescription) => {
  const before = told.length;
  queue.complete(uploadSegment, idOf(volume, segment), {
    receipt: await receiptFor(volume, segment),
  });
  await until(() => told.length > before);
};

const stateOf = (volume: Volume, segment: SegmentDescription) => volume.segment(segment)?.state;

test("a segment with a block that is not to be compressed → its job says so, in every partition", async () => {
  const volume = await tape.make("RHS001L8");
  await volume.format([2 ** 29, 2 ** 29]);
  await tape.seal(volume, 1000);
  await volume.locate(0, 1);
  const views = [Buffer.alloc(1000)];
  const data = { views, byteLength: 1000, release: () => undefined };
  await volume.writeBlocks(data, 1000, { uncompressed: true });
  await volume.seal();
  await uploads.look();
  expect(queue.offers.length).toBe(2);
  expect(queue.offers).toMatchObject([
    { id: "gw1/RHS001L8/g2/p0/00000001", payload: { compress: true } },
    { id: "gw1/RHS001L8/g2/p1/00000001", payload: { compress: false } },
  ]);
});

test("sealed segments without receipt → are offered, oldest first, with what an uploader needs", async () => {
  const volume = await tape.make("RHS001L8");
  const uploaded = await tape.upload(volume, 1000);
  const first = await tape.seal(volume, 2000);
  const second = await tape.seal(volume, 3000);
  await uploads.look();
  expect(queue.ids).toEqual([idOf(volume, first), idOf(volume, second)]);
  expect(queue.ids).not.toContain(idOf(volume, uploaded));
  expect(queue.offers[0]?.payload).toMatchObject({
    segment: houseRef("gw1", "RHS001L8", first),
    path: first.path,
    segmentBytes: first.segmentBytes,
    wrappedKey: testKey,
  });
});

test("an offer without answer → is made again after its time, not before", async () => {
  const volume = await tape.make("RHS001L8");
  const segment = await tape.seal(volume, 1000);
  await uploads.look();
  expect(queue.offers.length).toBe(1);
  await vi.advanceTimersByTimeAsync(sweepMs);
  await uploads.look();
  expect(queue.offers.length).toBe(1);
  await vi.advanceTimersByTimeAsync(offerAgainMs);
  await until(() => queue.offers.length === 2);
  expect(queue.ids).toEqual([idOf(volume, segment), idOf(volume, segment)]);
});

test("a receipt by event → is kept, told once, and the segment is never offered again", async () => {
  const volume = await tape.make("RHS001L8");
  const segment = await tape.seal(volume, 1000);
  await uploads.look();
  expect(queue.offers.length).toBe(1);
  const receipt = await receiptFor(volume, segment);
  queue.complete(uploadSegment, idOf(volume, segment), { receipt });
  await until(() => told.length === 1);
  await vi.advanceTimersByTimeAsync(4 * offerAgainMs);
  await uploads.look();
  expect(stateOf(volume, segment)).toBe("uploaded");
  expect(await volume.receiptOf(segment)).toBe(JSON.stringify(receipt));
  const ref = houseRef("gw1", "RHS001L8", segment);
  expect(told).toEqual([{ type: "segment.uploaded", segment: ref, receipt }]);
  expect(queue.offers.length).toBe(1);
});

test("a receipt as the answer to the offer → is kept without an event", async () => {
  const volume = await tape.make("RHS001L8");
  const segment = await tape.seal(volume, 1000);
  queue.results.set(idOf(volume, segment), { receipt: await receiptFor(volume, segment) });
  await uploads.look();
  expect(told.length).toBe(1);
  expect(stateOf(volume, segment)).toBe("uploaded");
});

test("a receipt of a segment that was overwritten or removed → is dropped, and not told", async () => {
  const volume = await tape.make("RHS001L8");
  const segment = await tape.seal(volume, 1000);
  await volume.locate(0);
  const newer = await tape.seal(volume, 2000);
  queue.complete(uploadSegment, idOf(volume, segment), {
    receipt: await receiptFor(volume, segment),
  });
  await tape.media.remove((await tape.make("RHS002L8")).barcode);
  const gone = segmentId({ ...houseRef("gw1", "RHS002L8", segment) });
  queue.complete(uploadSegment, gone, { receipt: await receiptFor(volume, segment) });
  await untilKept(volume, newer);
  expect(told).toMatchObject([{ segment: { number: newer.number } }]);
});

test("a receipt for another library → is not ours to keep", async () => {
  const volume = await tape.make("RHS001L8");
  const segment = await tape.seal(volume, 1000);
  const id = segmentId(houseRef("gw2", "RHS001L8", segment));
  queue.complete(uploadSegment, id, { receipt: await receiptFor(volume, segment) });
  await untilKept(volume, await tape.seal(volume, 2000));
  expect(stateOf(volume, segment)).toBe("sealed");
});

test("an offer that fails → holds up its own volume until the next sweep, and no other", async () => {
  const volume = await tape.make("RHS001L8");
  const first = await tape.seal(volume, 1000);
  const second = await tape.seal(volume, 1000);
  const other = await tape.make("RHS002L8");
  const theirs = await tape.seal(other, 1000);
  queue.refused.add(idOf(volume, first));
  await uploads.look();
  expect(queue.ids).toEqual([idOf(other, theirs)]);
  queue.refused.clear();
  await vi.advanceTimersByTimeAsync(sweepMs);
  await until(() => queue.offers.length === 3);
  expect(queue.ids.slice(1)).toEqual([idOf(volume, first), idOf(volume, second)]);
});

test("a volume whose key cannot be had → waits alone, and why is said once", async () => {
  const keyless = await tape.make("RHS001L8");
  await tape.seal(keyless, 1000);
  const other = await tape.make("RHS002L8");
  const theirs = await tape.seal(other, 1000);
  noKeyFor.add("RHS001L8");
  for (let sweep = 0; sweep < 3; sweep++) await uploads.look();
  expect(queue.ids).toEqual([idOf(other, theirs)]);
  expect(lines.filter((line) => line.includes("upload.offer-failed")).length).toBe(1);
  noKeyFor.clear();
  await uploads.look();
  expect(queue.offers.length).toBe(2);
});

test("a job that failed → counted by its code, offered again after the usual time, not at once", async () => {
  const volume = await tape.make("RHS001L8");
  const segment = await tape.seal(volume, 1000);
  await uploads.look();
  expect(queue.offers.length).toBe(1);
  queue.fail(uploadSegment, idOf(volume, segment), "STORE_DENIED: no");
  await uploads.look();
  expect(queue.offers.length).toBe(1);
  expect(await metrics.render()).toContain(
    'reelhouse_uploads_failed_total{code="STORE_DENIED",service="gateway"} 1\n',
  );
  await vi.advanceTimersByTimeAsync(offerAgainMs + sweepMs);
  await until(() => queue.offers.length === 2);
});

test("a receipt for other bytes, kept by the queue from another life of that name → is not kept", async () => {
  const volume = await tape.make("RHS001L8");
  const segment = await tape.seal(volume, 1000);
  queue.results.set(idOf(volume, segment), { receipt: testReceipt(segment) });
  await uploads.look();
  expect(lines.some((line) => line.includes("upload.foreign-receipt"))).toBe(true);
  expect(stateOf(volume, segment)).toBe("sealed");
  expect(await volume.evict(segment)).toBe(false);
  expect(told).toEqual([]);
});

test("a pending segment that cannot be read → is said once, and holds up none behind it", async () => {
  const volume = await tape.make("RHS001L8");
  const damaged = await tape.seal(volume, 2000);
  const sound = await tape.seal(volume, 3000);
  const file = path.join(tape.directory, damaged.path);
  const bytes = await readFile(file);
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  await writeFile(file, bytes);
  await uploads.look();
  expect(queue.offers.length).toBe(1);
  expect(queue.ids).toEqual([idOf(volume, sound)]);
  await vi.advanceTimersByTimeAsync(2 * offerAgainMs);
  await uploads.look();
  expect(lines.filter((line) => line.includes("upload.unreadable")).length).toBe(1);
});

/** Sweeps pass; each job of the volume that was offered since fails at once. */
const sweepsOfFailures = async (volume: Volume, count: number) => {
  let seen = 0;
  for (let sweep = 0; sweep < count; sweep += 1) {
    await uploads.look();
    const offered = queue.ids.slice(seen).filter((id) => id.includes(volume.barcode));
    seen = queue.ids.length;
    for (const id of offered) queue.fail(uploadSegment, id, "OBJECT_CONFLICT: another object");
    await vi.advanceTimersByTimeAsync(sweepMs);
  }
};

test("a volume of which every upload fails, more of them than may be under way → the others' leave all the same", async () => {
  const failing = await tape.make("RHS001L8");
  for (let count = 0; count < 70; count += 1) await tape.seal(failing, 100);
  const other = await tape.make("RHS002L8");
  const segment = await tape.seal(other, 1000);
  await sweepsOfFailures(failing, 4);
  expect(queue.ids).toContain(idOf(other, segment));
});

test("a volume with more to upload than may be under way → others have their turn when some of it has left", async () => {
  const large = await tape.make("RHS001L8");
  const segments: SegmentDescription[] = [];
  for (let count = 0; count < 66; count += 1) segments.push(await tape.seal(large, 100));
  const other = await tape.make("RHS002L8");
  const segment = await tape.seal(other, 1000);
  await uploads.look();
  expect(queue.ids).not.toContain(idOf(other, segment));
  await untilKept(large, segments[0]!);
  await uploads.look();
  expect(queue.ids).toContain(idOf(other, segment));
});
