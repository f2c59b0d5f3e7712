/** A store in another region than AWS_REGION says, and one whose clock is an hour off: said, nothing lost, and it heals. */
import { type Tape, waitUntil } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOwnStore, type OwnStore } from "./own-store.ts";
import { type Product, SMALL_SEGMENTS, startProduct } from "./product.ts";
import { noise } from "./random.ts";
import { fetchObjects, untilUploaded } from "./stored.ts";
import { differenceOnTape, insert, putAway, type Written, writeAll } from "./tapes.ts";

const BUCKET = "tapes-elsewhere";
const BARCODE = "RHS001L8";
const BLOCK_BYTES = 256 * 1024;
const HOUR_MS = 3_600_000;
const SAID_TIMEOUT_MS = 60_000;

let store: OwnStore;
let product: Product | undefined;
let theirsAheadMs = 0;

beforeEach(async () => {
  theirsAheadMs = 0;
  store = await openOwnStore(BUCKET, {
    regionStrict: true,
    now: () => Date.now() + theirsAheadMs,
  });
  await store.makeBucket();
});
afterEach(async () => {
  await product?.close();
  product = undefined;
  await store.close();
});

/** Two segments of blocks, and a filemark. */
const file = (name: string): Written => [
  ...Array.from({ length: 8 }, (_, index) => noise(`${name} ${index}`, BLOCK_BYTES)),
  null,
];

const begin = async (settings: Readonly<Record<string, string>> = {}) => {
  product = await startProduct({ ...SMALL_SEGMENTS, ...store.settings, ...settings });
  product.showOnFailure();
  return product;
};

const withTape = async (running: Product, body: (drive: Tape) => Promise<void>) => {
  const [changer, drive] = await Promise.all([running.changer(), running.drive()]);
  await insert(changer, drive, BARCODE);
  await body(drive);
  await putAway(changer, drive, BARCODE);
};

const untilSaid = ({ reelhouse }: Product, text: RegExp) =>
  waitUntil(() => (text.test(reelhouse.output()) ? true : undefined), {
    what: `a line that says ${String(text)}`,
    timeoutMs: SAID_TIMEOUT_MS,
  });

test("a bucket in another region → backup written, both regions and AWS_REGION named; started with the right one, all is uploaded", async () => {
  const running = await begin({ AWS_REGION: "eu-central-1" });
  const written = file("in another region");
  await withTape(running, (drive) => writeAll(drive, written));
  await untilSaid(running, /the bucket is in us-east-1, AWS_REGION is eu-central-1/);
  expect((await running.reelhouse.api.tape(BARCODE)).uploadedBytes).toBe(0);
  expect(await running.reelhouse.stop()).toBe(0);
  await running.startAgain({ AWS_REGION: "us-east-1" });
  await fetchObjects(store.access, await untilUploaded(running.reelhouse.api, BARCODE));
  await withTape(running, async (drive) => {
    expect(await differenceOnTape(drive, written)).toBeUndefined();
  });
});

test("a clock an hour behind the store's, then right again → said; uploads go on before and after, nothing is lost", async () => {
  theirsAheadMs = HOUR_MS;
  const running = await begin();
  const [early, late] = [file("an hour behind"), file("on time")];
  await withTape(running, (drive) => writeAll(drive, early));
  await untilSaid(running, /this machine's clock is \d+ s behind that of s3: set the clock/);
  await untilUploaded(running.reelhouse.api, BARCODE);
  theirsAheadMs = 0;
  await withTape(running, async (drive) => {
    // Reads up to the end of data, where the rest is written.
    expect(await differenceOnTape(drive, early)).toBeUndefined();
    await writeAll(drive, late);
  });
  await fetchObjects(store.access, await untilUploaded(running.reelhouse.api, BARCODE));
  await withTape(running, async (drive) => {
    expect(await differenceOnTape(drive, [...early, ...late])).toBeUndefined();
  });
});
