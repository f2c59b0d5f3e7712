/** The job the product is for: a backup over iSCSI, its way into the store, out of the cache and back, a restart. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Changer,
  discover,
  getObject,
  listKeys,
  type SegmentView,
  type Tape,
  waitUntil,
} from "@reelhouse/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Product, SMALL_CACHE, startProduct } from "./product.ts";
import { BLOCKS, FILLER, FIXED, MIB, VARIABLE, WRITTEN, WRITTEN_BYTES } from "./main-job-data.ts";
import { fetchObjects, untilEvicted, untilUploaded } from "./stored.ts";
import { differenceOnTape, insert, putAway, readAll, writeAll } from "./tapes.ts";

const BARCODE = "RHS001L8";
const OTHER = "RHS002L8";
const STOP_MS_MAX = 10_000;

let product: Product;
let changer: Changer;
let drive: Tape;
let segments: SegmentView[];

const connect = async () => {
  changer = await product.changer();
  drive = await product.drive();
};
beforeAll(async () => {
  product = await startProduct(SMALL_CACHE);
  await connect();
});
beforeEach(() => product.showOnFailure());
afterAll(() => product.close());

test("SendTargets → the changer and four drives, at the portal", async () => {
  const { reelhouse } = product;
  const { portal, changerName } = reelhouse;
  const names = [changerName, ...[1, 2, 3, 4].map((number) => reelhouse.driveName(number))];
  const addresses = [`${portal.host}:${portal.port},1`];
  expect(await discover({ portal })).toEqual(
    names.map((targetName) => ({ targetName, addresses })),
  );
});

test("blocks of variable and fixed length, filemarks → read back as they were written", async () => {
  await insert(changer, drive, BARCODE);
  await writeAll(drive, VARIABLE);
  for (const { blockLength, bytes } of FIXED) {
    await drive.setBlockLength(blockLength);
    await drive.writeFixed(bytes, blockLength);
    await drive.writeFilemarks(1);
  }
  expect(await differenceOnTape(drive, WRITTEN)).toBeUndefined();
});

test("SPACE and LOCATE → the position they name, and the block that lies there", async () => {
  const second = VARIABLE.indexOf(null) + 1;
  await drive.rewind();
  await drive.space("filemarks", 1);
  expect(await drive.readPosition()).toMatchObject({ objectNumber: second, fileNumber: 1 });
  await drive.space("blocks", 3);
  await drive.space("blocks", -1);
  expect(await drive.read(MIB)).toMatchObject({ kind: "block", data: WRITTEN[second + 2] });
  await drive.locate(4);
  expect(await drive.read(MIB)).toMatchObject({ kind: "block", data: WRITTEN[4] });
  await drive.space("endOfData");
  expect(await drive.readPosition()).toMatchObject({ objectNumber: WRITTEN.length });
  await drive.space("filemarks", -1);
  expect(await drive.readPosition()).toMatchObject({ objectNumber: WRITTEN.length - 1 });
});

test("unloaded and moved back → REST says where it is and how many bytes are on it", async () => {
  const address = await putAway(changer, drive, BARCODE);
  const { api } = product.reelhouse;
  const tape = await waitUntil(
    async () => {
      const seen = await api.tape(BARCODE);
      return seen.element?.address === address && seen.usedBytes >= WRITTEN_BYTES
        ? seen
        : undefined;
    },
    { what: "the tape in its slot, with its bytes", timeoutMs: 30_000 },
  );
  expect(tape).toMatchObject({ status: "AVAILABLE", element: { type: "storage" } });
  // Headers cost something, and small blocks more than large ones.
  expect(tape.usedBytes).toBeLessThan(WRITTEN_BYTES * 1.1);
});

const cacheFiles = (): Buffer[] =>
  readdirSync(join(product.dataDir, "media", BARCODE), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

test("everything uploaded → each object is the catalogue's, and nothing of it can be read", async () => {
  const fragments = BLOCKS.map((block) => block.subarray(block.length - 64, block.length - 32));
  const plain = cacheFiles();
  const found = fragments.filter((fragment) => plain.some((file) => file.includes(fragment)));
  // Proof that the search finds what is there.
  expect(found).toHaveLength(fragments.length);
  segments = await untilUploaded(product.reelhouse.api, BARCODE);
  expect(segments.length).toBeGreaterThan(4);
  const objects = await fetchObjects(product.reelhouse.cloudAccess(), segments);
  for (const object of objects)
    expect(fragments.filter((fragment) => object.includes(fragment))).toEqual([]);
});

test("nothing pending → a manifest in the store that names every segment", async () => {
  const access = product.reelhouse.cloudAccess();
  const whole = async () => {
    const last = (await listKeys(access, `gw1/${BARCODE}/g1/manifest/`)).sort().at(-1);
    const body = last === undefined ? "" : (await getObject(access, last)).toString("utf8");
    return body.includes('"complete":true') ? body : undefined;
  };
  const body = await waitUntil(whole, { what: "a complete manifest", timeoutMs: 60_000 });
  expect(segments.filter(({ objectSha256 }) => !body.includes(objectSha256 ?? "-"))).toEqual([]);
});

test("more written than the cache holds → the first tape leaves it, and comes back when it is read", async () => {
  await insert(changer, drive, OTHER);
  await writeAll(drive, [...FILLER, null]);
  await untilEvicted(product.reelhouse.api, BARCODE, segments.length);
  await putAway(changer, drive, OTHER);
  await insert(changer, drive, BARCODE);
  expect(await differenceOnTape(drive, WRITTEN)).toBeUndefined();
});

/** What must be the same after a restart. */
const identity = async () => ({
  library: (await product.reelhouse.api.request("GET", "/v1/library")).body,
  elements: await changer.elements(),
  serialNumbers: [await changer.serialNumber(), await drive.serialNumber()],
  segments: await product.reelhouse.api.segments(BARCODE).then((all) => all.length),
});

test("stopped with initiators logged in, started again → exit code 0 within ten seconds, and all as it was", async () => {
  const before = await identity();
  const begun = performance.now();
  expect(await product.reelhouse.stop()).toBe(0);
  expect(performance.now() - begun).toBeLessThan(STOP_MS_MAX);
  await product.startAgain();
  await connect();
  expect(await identity()).toEqual(before);
  expect(await differenceOnTape(drive, WRITTEN)).toBeUndefined();
  expect(await readAll(drive)).toEqual([]);
});
