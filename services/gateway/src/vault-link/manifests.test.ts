import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { manifest, publishManifest } from "@reelhouse/contracts";
import type { EventBody } from "@reelhouse/contracts";
import { createLogger } from "@reelhouse/service-kit";
import type { Volume } from "@reelhouse/medium";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeQueue } from "../testing/fake-queue.ts";
import { openTestMedia, testKey, testReceipt } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { until } from "../testing/waiting.ts";
import { lookMs, Manifests, offerAgainMs, publishWhilePendingMs } from "./manifests.ts";

const barcode = "RHS001L8";
const result = { key: "the/key", etag: "etag", publishedAt: "2026-11-22T00:00:00.000Z" };

let tape: TestMedia;
let volume: Volume;
let queue: FakeQueue;
let told: EventBody[];
let manifests: Manifests;

const open = () =>
  new Manifests({
    gateway: "gw1",
    libraryOf: () => "gw1",
    media: tape.media,
    mediaDirectory: tape.directory,
    queue,
    events: queue.events,
    logger: createLogger("test", "fatal"),
    emit: (event) => void told.push(event),
    now: () => new Date("2026-11-22T00:00:00Z"),
  });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  tape = await openTestMedia();
  volume = await tape.make(barcode);
  await volume.setWrappedKey(testKey);
  queue = new FakeQueue();
  told = [];
  manifests = open();
});
afterEach(async () => {
  vi.useRealTimers();
  await manifests.close();
  await tape.close();
});

/** Lets time pass, and all that is due then be offered: a look that was under way, and one at the end. */
const pass = async (milliseconds: number) => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  for (let looks = 0; looks < 2; looks++) await manifests.look();
};

/** Lets looks follow one another until so many offers were made: files take their time on a busy machine. */
const untilOffered = async (count: number) => {
  while (queue.offers.length < count) await pass(lookMs);
};

/** The manifest of one uploaded segment, offered. */
async function firstOffered() {
  await tape.upload(volume, 1000);
  manifests.changed(barcode);
  await vi.advanceTimersByTimeAsync(lookMs);
  await until(() => queue.offers.length === 1);
  return publishManifest.payload.parse(queue.offers[0]?.payload);
}

test("a changed volume of which nothing is pending → its manifest is offered, with the digest of its file", async () => {
  const { path: file, sha256, sequence } = await firstOffered();
  const bytes = await readFile(path.join(tape.directory, file));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  expect(sequence).toBe(1);
  const written = manifest.parse(JSON.parse(bytes.toString()));
  expect(written).toMatchObject({ barcode, sequence: 1, complete: true });
  expect(written.segments.length).toBe(1);
});

test("a volume with partitions and attributes → its manifest has both; another attribute → another manifest", async () => {
  await volume.format([2 ** 28, 2 ** 29]);
  await tape.upload(volume, 1000);
  await volume.locate(0, 1);
  await tape.upload(volume, 1000);
  const attribute = { identifier: 0x080c, format: 0, value: Buffer.from("coherent") } as const;
  await volume.writeAttributes(1, [attribute]);
  manifests.changed(barcode);
  await vi.advanceTimersByTimeAsync(lookMs);
  await until(() => queue.offers.length === 1);
  const { path: file } = publishManifest.payload.parse(queue.offers[0]?.payload);
  const written = manifest.parse(
    JSON.parse(await readFile(path.join(tape.directory, file), "utf8")),
  );
  expect(written).toMatchObject({
    generation: 2,
    partitions: [{ capacityBytes: 2 ** 28 }, { capacityBytes: 2 ** 29 }],
    attributes: [{ partition: 1, identifier: 0x080c, format: 0, value: "Y29oZXJlbnQ=" }],
    complete: true,
  });
  expect(written.segments.map((one) => [one.partition, one.number, one.firstObject])).toEqual([
    [0, 1, 0],
    [1, 1, 0],
  ]);
  await volume.writeAttributes(1, [{ ...attribute, value: Buffer.from("later") }]);
  manifests.changed(barcode);
  await pass(offerAgainMs);
  await untilOffered(2);
  expect(queue.ids).toEqual([`gw1/${barcode}/g2/1`, `gw1/${barcode}/g2/2`]);
});

test("a volume of which something is pending → waits half a minute, then says that more is to come", async () => {
  await tape.upload(volume, 1000);
  await tape.seal(volume, 1000);
  manifests.changed(barcode);
  await pass(publishWhilePendingMs - lookMs);
  expect(queue.offers).toEqual([]);
  await untilOffered(1);
  expect(queue.offers.length).toBe(1);
  await queuePublishes(1);
  expect(told).toMatchObject([{ type: "manifest.published", sequence: 1, complete: false }]);
});

/** The uploader has put the manifest of that sequence into the store. */
async function queuePublishes(sequence: number) {
  queue.complete(publishManifest, `gw1/${barcode}/g1/${sequence}`, result);
  await until(() => told.length === sequence);
}

test("a published manifest → is told, and offered again only when the volume says something else", async () => {
  await firstOffered();
  await queuePublishes(1);
  expect(told[0]).toMatchObject({ type: "manifest.published", barcode, key: "the/key" });
  manifests.changed(barcode);
  await pass(offerAgainMs + 2 * lookMs);
  expect(queue.offers.length).toBe(1);
  await tape.upload(volume, 2000);
  manifests.changed(barcode);
  await untilOffered(2);
  expect(queue.ids).toEqual([`gw1/${barcode}/g1/1`, `gw1/${barcode}/g1/2`]);
});

test("the drive counts a mount → nothing is offered; the count goes along with what a host writes next", async () => {
  await firstOffered();
  await queuePublishes(1);
  const counted = { identifier: 0x0c01, format: 0, value: Buffer.from("counts") } as const;
  await volume.writeAttributes(0, [counted]);
  manifests.changed(barcode);
  await pass(offerAgainMs + 2 * lookMs);
  expect(queue.offers.length).toBe(1);
  await volume.writeAttributes(0, [
    { identifier: 0x0803, format: 2, value: Buffer.from("monthly") },
  ]);
  manifests.changed(barcode);
  await untilOffered(2);
  const { path: file } = publishManifest.payload.parse(queue.offers[1]?.payload);
  const written = manifest.parse(
    JSON.parse(await readFile(path.join(tape.directory, file), "utf8")),
  );
  expect(written.attributes?.map(({ identifier }) => identifier)).toEqual([0x0803, 0x0c01]);
});

test("an offer without answer → is the same manifest again after its time", async () => {
  await firstOffered();
  await pass(offerAgainMs - lookMs);
  expect(queue.offers.length).toBe(1);
  await untilOffered(2);
  expect(queue.offers[1]).toEqual(queue.offers[0]);
});

test("a restart before it was published → the same manifest is offered again", async () => {
  await firstOffered();
  await manifests.close();
  manifests = open();
  manifests.changed(barcode);
  await untilOffered(2);
  expect(queue.offers[1]).toEqual(queue.offers[0]);
});

test("a restart after it was published → nothing is offered", async () => {
  await firstOffered();
  await queuePublishes(1);
  await manifests.close();
  manifests = open();
  manifests.changed(barcode);
  await pass(lookMs);
  expect(queue.offers.length).toBe(1);
});

test("a queue that takes no offer → gets it when it does", async () => {
  queue.refused.add(`gw1/${barcode}/g1/1`);
  await tape.upload(volume, 1000);
  manifests.changed(barcode);
  await pass(lookMs);
  expect(queue.offers).toEqual([]);
  queue.refused.clear();
  await untilOffered(1);
  expect(queue.ids).toEqual([`gw1/${barcode}/g1/1`]);
});

test("a volume without a key → has nothing in the vault and no manifest", async () => {
  const keyless = await tape.make("RHS002L8");
  const segment = await tape.seal(keyless, 1000);
  await keyless.recordReceipt(segment, JSON.stringify(testReceipt(segment)), 1);
  manifests.changed("RHS002L8");
  await pass(lookMs);
  expect(queue.offers).toEqual([]);
});
