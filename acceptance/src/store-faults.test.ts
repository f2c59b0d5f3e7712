/** A store that is missing, slow, overloaded, cut off or without its key: backups go on, and in the end all is right. */
import { type Changer, listKeys, type Tape, waitUntil } from "@reelhouse/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openOwnStore, type OwnStore } from "./own-store.ts";
import { type Product, SMALL_CACHE, startProduct } from "./product.ts";
import { noise } from "./random.ts";
import { fetchObjects, untilEvicted, untilUploaded } from "./stored.ts";
import { differenceOnTape, insert, putAway, type Written, writeAll } from "./tapes.ts";

const BUCKET = "tapes-of-the-acceptance-test";
const BLOCK_BYTES = 256 * 1024;
const [FIRST, SECOND, THIRD] = ["RHS001L8", "RHS002L8", "RHS003L8"] as const;
const SAID_TIMEOUT_MS = 60_000;

let store: OwnStore;
let product: Product;
let changer: Changer;
let drive: Tape;

beforeAll(async () => {
  store = await openOwnStore(BUCKET);
  product = await startProduct({ ...SMALL_CACHE, ...store.settings });
  changer = await product.changer();
  drive = await product.drive();
});
beforeEach(() => product.showOnFailure());
afterAll(async () => {
  await product.close();
  await store.close();
});

/** Blocks that are in no other file of any tape, and a filemark. */
const file = (name: string, megabytes: number): Written => [
  ...Array.from({ length: megabytes * 4 }, (_, index) => noise(`${name} ${index}`, BLOCK_BYTES)),
  null,
];

/** Writes a tape from its beginning and puts it away, so that all of it may leave. */
const backUp = async (barcode: string, written: Written) => {
  await insert(changer, drive, barcode);
  await writeAll(drive, written);
  await putAway(changer, drive, barcode);
};

/** The catalogue's segments are in the bucket, each once and right, and no other object. */
const expectStored = async (barcode: string) => {
  const segments = await untilUploaded(product.reelhouse.api, barcode);
  await fetchObjects(store.access, segments);
  const keys = await listKeys(store.access, `gw1/${barcode}/g1/p0/`);
  expect(keys.sort()).toEqual(segments.map(({ objectKey }) => objectKey ?? "").sort());
  return segments;
};

const untilSaid = (text: RegExp) =>
  waitUntil(() => (text.test(product.reelhouse.output()) ? true : undefined), {
    what: `a line that says ${String(text)}`,
    timeoutMs: SAID_TIMEOUT_MS,
  });

const untilStruck = () =>
  waitUntil(() => (store.faults.list().length === 0 ? true : undefined), {
    what: "every fault to have struck",
    timeoutMs: SAID_TIMEOUT_MS,
  });

test("a bucket that does not exist → started, backup written, bucket and setting named; made, all is uploaded", async () => {
  expect(product.reelhouse.services().cloud).toBeUndefined();
  const written = file("before there was a bucket", 3);
  await backUp(FIRST, written);
  await untilSaid(new RegExp(`${BUCKET}.*REELHOUSE_S3_BUCKET|REELHOUSE_S3_BUCKET.*${BUCKET}`));
  await store.makeBucket();
  await expectStored(FIRST);
});

test("a KMS key disabled while a new tape is written → backup done, the remedy said; enabled, all is uploaded", async () => {
  await store.disableKey();
  await backUp(SECOND, file("without a key", 3));
  await untilSaid(/The KMS key is disabled.*enable it/);
  expect((await product.reelhouse.api.tape(SECOND)).uploadedBytes).toBe(0);
  await store.enableKey();
  await expectStored(SECOND);
});

const UPLOAD_FAULTS = [
  { kind: "slow-down", operation: "PutObject", count: 4 },
  { kind: "outage", count: 4 },
  { kind: "cut-request", operation: "PutObject", count: 3 },
  { kind: "cut-response", operation: "PutObject", count: 3 },
  { kind: "delay", delayMs: 400, count: 6 },
] as const;

test("SlowDown, outages, cut requests, cut answers, delays during uploads → every segment once, and right", async () => {
  const written = UPLOAD_FAULTS.map(({ kind }) => file(kind, 2));
  await insert(changer, drive, THIRD);
  for (const [index, fault] of UPLOAD_FAULTS.entries()) {
    store.faults.set({ service: "s3", ...fault });
    await writeAll(drive, written[index] ?? []);
    await untilStruck();
  }
  await putAway(changer, drive, THIRD);
  await expectStored(THIRD);
  await insert(changer, drive, THIRD);
  expect(await differenceOnTape(drive, written.flat())).toBeUndefined();
  await putAway(changer, drive, THIRD);
});

test("the same faults and damaged answers during a recall → the tape reads as it was written", async () => {
  const segments = await product.reelhouse.api.segments(THIRD);
  await backUp(FIRST, file("pushes the others out", 24));
  await untilEvicted(product.reelhouse.api, THIRD, segments.length);
  store.faults.set(
    { kind: "slow-down", operation: "GetObject", count: 2 },
    { kind: "cut-response", operation: "GetObject", count: 2 },
    { kind: "corrupt-response", operation: "GetObject", count: 1 },
    { kind: "outage", operation: "GetObject", count: 2 },
    { kind: "delay", operation: "GetObject", delayMs: 300, count: 2 },
  );
  await insert(changer, drive, THIRD);
  const written = UPLOAD_FAULTS.flatMap(({ kind }) => file(kind, 2));
  expect(await differenceOnTape(drive, written)).toBeUndefined();
  expect(store.faults.list()).toEqual([]);
});
