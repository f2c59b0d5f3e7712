/** The outbox delivers at least once: whatever is repeated, cut or reordered, the catalogue is that of one clean run. */
import type { EventBody } from "@reelhouse/contracts";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  cartridgeMoved,
  clear,
  deliveryOf,
  drive,
  dump,
  library,
  libraryDescribed,
  openTestCatalogue,
  segmentRef,
  segmentSealed,
  segmentUploaded,
  slot,
  type TestCatalogue,
  volumeState,
  wrappedKey,
} from "../testing-catalogue.ts";
import { acceptDelivery } from "./delivery.ts";
import { useTestPostgres } from "../testing-postgres.ts";

const databaseUrl = useTestPostgres();

let catalogue: TestCatalogue;
beforeAll(async () => {
  catalogue = await openTestCatalogue(databaseUrl());
});
afterAll(() => catalogue[Symbol.asyncDispose]());

const barcode = fc.constantFrom("RHS001L8", "RHS002L8");
const segment = fc
  .record({
    barcode,
    number: fc.integer({ min: 1, max: 2 }),
    generation: fc.integer({ min: 1, max: 2 }),
  })
  .map((ref) => segmentRef(ref.barcode, ref.number, ref.generation));
const place = fc.constantFrom(null, drive, slot(0), slot(1));
const state = fc
  .record({
    barcode,
    usedBytes: fc.nat(2 ** 50),
    generation: fc.integer({ min: 1, max: 2 }),
    keyed: fc.boolean(),
  })
  .map(({ keyed, ...values }) =>
    volumeState(values.barcode, { ...values, wrappedKey: keyed ? wrappedKey : null }),
  );

/** Any event after any other, sensible or not: the catalogue must take what comes. */
const body: fc.Arbitrary<EventBody> = fc.oneof(
  fc.record({ barcode, slot: fc.nat(2) }).map((occupied) => libraryDescribed([occupied])),
  fc.tuple(barcode, place).map(([tag, destination]) => cartridgeMoved(tag, destination)),
  state.map((values) => ({ type: "volume.created" as const, ...values })),
  state.map((values) => ({ type: "volume.changed" as const, ...values })),
  barcode.map((tag) => ({ type: "volume.removed" as const, library, barcode: tag })),
  fc.tuple(segment, fc.nat(100)).map(([ref, first]) => segmentSealed(ref, first)),
  segment.map(segmentUploaded),
  fc
    .tuple(fc.constantFrom("segment.evicted", "segment.recalled", "segment.dropped"), segment)
    .map(([type, ref]) => ({ type, segment: ref })),
  fc
    .tuple(barcode, fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([tag, sequence, complete]) => ({
      type: "manifest.published" as const,
      library,
      barcode: tag,
      generation: 1,
      sequence,
      key: `manifest/${sequence}`,
      complete,
    })),
);

const story = fc.array(body, { minLength: 1, maxLength: 25 });
/** Deliveries as an unlucky outbox makes them: from somewhere, of some length, in some order. */
const attempts = fc.array(
  fc.record({ from: fc.nat(24), length: fc.integer({ min: 1, max: 25 }), reversed: fc.boolean() }),
  { maxLength: 8 },
);

test("any slices, any number of times, then all → the catalogue of one clean run", async () => {
  const { database } = catalogue;
  await fc.assert(
    fc.asyncProperty(story, attempts, async (bodies, slices) => {
      await clear(database);
      const whole = deliveryOf(bodies);
      await acceptDelivery(database, whole);
      const wanted = await dump(database);

      await clear(database);
      let through = 0;
      for (const { from, length, reversed } of slices) {
        const events = whole.events.slice(from, from + length);
        if (events.length === 0) continue;
        const outcome = await acceptDelivery(database, {
          ...whole,
          events: reversed ? events.toReversed() : events,
        });
        const reaches = from <= through ? Math.min(from + length, bodies.length) : 0;
        through = Math.max(through, reaches);
        expect(outcome.acceptedThrough).toBe(through);
      }
      const last = await acceptDelivery(database, whole);
      expect(last.acceptedThrough).toBe(bodies.length);
      const got = await dump(database);
      expect(withoutFirstSeen(got)).toBe(withoutFirstSeen(wanted));
    }),
    { numRuns: 15 },
  );
});

/** When the gateway was first seen depends on which delivery came first; all else must not. */
const withoutFirstSeen = (text: string) => text.replaceAll(/"firstSeenAt": "[^"]+"/g, "");

test("two deliveries of one gateway at once → each event once", async () => {
  const { database } = catalogue;
  await clear(database);
  const bodies = [
    libraryDescribed(),
    ...[0, 1, 2, 3, 4].map((n) => cartridgeMoved("RHS001L8", slot(n % 2))),
  ];
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, () => acceptDelivery(database, deliveryOf(bodies))),
  );
  expect(outcomes.map((outcome) => outcome.acceptedThrough)).toEqual([6, 6, 6, 6]);
  const appliedMoves = outcomes.map((outcome) => outcome.applied["cartridge.moved"] ?? 0);
  expect(appliedMoves.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 5]);
  expect(await database.move.count()).toBe(5);
});
