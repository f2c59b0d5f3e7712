/** The queue loses everything it knew while jobs wait or are under way: nobody restarts anything, and all is uploaded. */
import { type Changer, type Tape, waitUntil } from "@reelhouse/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openOwnStore, type OwnStore } from "./own-store.ts";
import { type Product, SMALL_SEGMENTS, startProduct } from "./product.ts";
import { countOpenJobs, wipeQueue } from "./queue-tables.ts";
import { noise } from "./random.ts";
import { fetchObjects, untilUploaded } from "./stored.ts";
import { insert, putAway, writeAll } from "./tapes.ts";

const BLOCK_BYTES = 512 * 1024;
const BLOCKS = 20;
const JOBS_MIN = 8;

let store: OwnStore;
let product: Product;
let changer: Changer;
let drive: Tape;

beforeAll(async () => {
  store = await openOwnStore("tapes");
  await store.makeBucket();
  product = await startProduct({ ...SMALL_SEGMENTS, ...store.settings });
  changer = await product.changer();
  drive = await product.drive();
});
beforeEach(() => product.showOnFailure());
afterAll(async () => {
  await product.close();
  await store.close();
});

const backUp = async (barcode: string) => {
  await insert(changer, drive, barcode);
  const blocks = Array.from({ length: BLOCKS }, (_, index) =>
    noise(`${barcode} ${index}`, BLOCK_BYTES),
  );
  await writeAll(drive, [...blocks, null]);
  await putAway(changer, drive, barcode);
};

const untilJobs = (countMin: number) =>
  waitUntil(async () => ((await countOpenJobs(product.dataDir)) >= countMin ? true : undefined), {
    what: `${countMin} jobs in the queue`,
    timeoutMs: 60_000,
  });

const expectAllUploaded = async (barcode: string) => {
  const segments = await untilUploaded(product.reelhouse.api, barcode);
  expect(segments.at(-1)?.endObject).toBe(BLOCKS + 1);
  await fetchObjects(store.access, segments);
};

test.each([
  { barcode: "RHS001L8", state: "wait for a store that is out", fault: { kind: "outage" } },
  {
    barcode: "RHS002L8",
    state: "are under way",
    fault: { kind: "delay", delayMs: 1500, operation: "PutObject" },
  },
] as const)(
  "the queue wiped while jobs $state → all uploaded, nothing restarted",
  async ({ barcode, fault }) => {
    const { reelhouse, dataDir } = product;
    const before = reelhouse.services();
    store.faults.set({ service: "s3", ...fault });
    await backUp(barcode);
    await untilJobs(JOBS_MIN);
    expect(await wipeQueue(dataDir)).toBeGreaterThanOrEqual(JOBS_MIN);
    store.faults.clear();
    await expectAllUploaded(barcode);
    expect(reelhouse.services()).toEqual(before);
  },
);
