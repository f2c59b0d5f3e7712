/**
 * kill -9 at moments that nobody chose: of the gateway, and of everything at once. What an answered WRITE FILEMARKS
 * covers must be on the tape, byte for byte; what follows must be what was sent, without a gap, as far as it goes.
 */
import { IscsiError, pause, type Tape } from "@reelhouse/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { untilGatewayIsBack, whileDying } from "./deaths.ts";
import { type Product, SMALL_CACHE, startProduct } from "./product.ts";
import { chooseSeed, createRandom, noise } from "./random.ts";
import { fetchObjects, untilUploaded } from "./stored.ts";
import {
  atBeginning,
  differenceOnTape,
  firstDifference,
  insert,
  putAway,
  readAll,
} from "./tapes.ts";

const BARCODE = "RHS001L8";
const BLOCK_BYTES_MAX = 80_000;
/** As a backup program that keeps its drive busy does: several commands are in flight when the gateway dies. */
const IN_FLIGHT = 4;
const DEATH_MS_MAX = 900;
const PAUSE_MS_MAX = 15;
/** The launcher waits longer before each new start, so deaths of everything come in between: they begin anew. */
const ROUNDS = [
  "gateway",
  "gateway",
  "everything",
  "gateway",
  "gateway",
  "everything",
  "gateway",
  "gateway",
  "gateway",
  "gateway",
] as const;

const seed = chooseSeed("kill-gateway");
const random = createRandom(seed);

/** What was sent to the tape, in order, null for a filemark; and how much of it an answer has made durable. */
const sent: (Buffer | null)[] = [];
let durableCount = 0;
let product: Product;

beforeAll(async () => {
  product = await startProduct(SMALL_CACHE);
  await insert(await product.changer(), await product.drive(), BARCODE);
});
beforeEach(() => product.showOnFailure());
afterAll(() => product.close());

const nextBlock = (): Buffer => {
  const name = `seed ${seed}, object ${sent.length}`;
  return noise(name, random.between(1, BLOCK_BYTES_MAX));
};

/** Blocks and filemarks until the session is gone. */
const writeUntilCut = async (drive: Tape): Promise<void> => {
  // No second try after BUSY: with several in flight it would change their order. Pauses keep the cache from filling.
  const send = (object: Buffer | null) => {
    sent.push(object);
    return object === null ? drive.writeFilemarks(1) : drive.write(object);
  };
  for (;;) {
    const blocks = Array.from({ length: random.between(1, IN_FLIGHT + 1) }, () =>
      send(nextBlock()),
    );
    await Promise.all(blocks);
    await send(null);
    durableCount = sent.length;
    await pause(random.between(0, PAUSE_MS_MAX));
  }
};

const revive = async (victim: (typeof ROUNDS)[number]): Promise<Tape> => {
  if (victim === "gateway") await untilGatewayIsBack(product.reelhouse);
  else await product.startAgain();
  return product.drive();
};

test("killed while blocks are written, again and again → all that a filemark answered for is there", async () => {
  for (const victim of ROUNDS) {
    const drive = await product.drive();
    await atBeginning(drive);
    await drive.space("endOfData");
    const before = durableCount;
    const error = await whileDying(product.reelhouse, victim, random.between(1, DEATH_MS_MAX), () =>
      writeUntilCut(drive),
    );
    expect(error).toBeInstanceOf(IscsiError);
    const again = await revive(victim);
    await atBeginning(again);
    const found = await readAll(again);
    expect(found.length).toBeGreaterThanOrEqual(durableCount);
    expect(found.length).toBeLessThanOrEqual(sent.length);
    expect(firstDifference(found, sent.slice(0, found.length))).toBeUndefined();
    console.log(
      `${victim}: ${sent.length} objects sent, ${durableCount} answered for, ${found.length} found, ${durableCount - before} of this round`,
    );
    sent.length = found.length;
    durableCount = found.length;
    await again.session.logout();
  }
  expect(sent.length).toBeGreaterThan(ROUNDS.length);
});

test("after all those deaths → everything is uploaded, the catalogue is right, and the tape goes on", async () => {
  const drive = await product.drive();
  await atBeginning(drive);
  await drive.space("endOfData");
  const last = noise("the last block", 1000);
  await drive.write(last);
  await drive.writeFilemarks(1);
  sent.push(last, null);
  const changer = await product.changer();
  await putAway(changer, drive, BARCODE);
  const { reelhouse } = product;
  const segments = await untilUploaded(reelhouse.api, BARCODE);
  expect(segments.at(-1)?.endObject).toBe(sent.length);
  expect(segments.map(({ firstObject }) => firstObject)).toEqual([
    0,
    ...segments.slice(0, -1).map(({ endObject }) => endObject),
  ]);
  await fetchObjects(reelhouse.cloudAccess(), segments);
  await insert(changer, drive, BARCODE);
  expect(await differenceOnTape(drive, sent)).toBeUndefined();
});
