/** A tape's segments over REST: where each lies, through seal, upload, eviction, recall, overwrite and removal. */
import type { ErrorBody, tapeSegment } from "@reelhouse/contracts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import { segmentRef, segmentSealed, segmentUploaded, volumeState } from "../testing-catalogue.ts";
import { startTestService, type TestService } from "../testing-service.ts";
import { useTestPostgres } from "../testing-postgres.ts";

const databaseUrl = useTestPostgres();

interface Page {
  readonly segments: z.infer<typeof tapeSegment>[];
  readonly marker: string | null;
}

const tag = "RHS001L8";
let service: TestService;
beforeAll(async () => {
  service = await startTestService(databaseUrl());
});
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  await service.catalogue.database.tape.deleteMany();
  await service.catalogue.database.segment.deleteMany();
  await service.deliver({ type: "volume.created", ...volumeState(tag) });
});

const list = async (query = "") =>
  (await service.ask<Page>("GET", `/v1/tapes/${tag}/segments${query}`)).body;
const places = async () =>
  (await list()).segments.map(({ number, place }) => `${number}: ${place}`);
const first = segmentRef(tag, 1);
const second = segmentRef(tag, 2);

test("sealed, uploaded, evicted, recalled → its place follows", async () => {
  await service.deliver(segmentSealed(first));
  expect(await places()).toEqual(["1: cache"]);
  await service.deliver(segmentUploaded(first));
  expect(await places()).toEqual(["1: cache and store"]);
  await service.deliver({ type: "segment.evicted", segment: first });
  expect(await places()).toEqual(["1: store"]);
  await service.deliver({ type: "segment.recalled", segment: first });
  expect(await places()).toEqual(["1: cache and store"]);
});

test("uploaded → the receipt stands beside the run of objects", async () => {
  await service.deliver(segmentSealed(first, 7), segmentUploaded(first));
  expect((await list()).segments).toMatchObject([
    {
      generation: 1,
      partition: 0,
      number: 1,
      firstObject: 7,
      endObject: 17,
      segmentBytes: 1000,
      objectKey: "gw1/RHS001L8/1",
      objectBytes: 900,
      objectSha256: "ab".repeat(32),
      storageClass: "STANDARD",
      uploadedAt: "2026-11-22T00:00:00.000Z",
    },
  ]);
});

test("sealed again after the upload (a gateway tells all after a crash) → receipt and first time stay", async () => {
  await service.deliver(segmentSealed(first), segmentUploaded(first));
  const before = await list();
  await service.deliver(segmentSealed(first));
  expect(await list()).toEqual(before);
});

test("uploaded before it was sealed → kept, listed once sealed, and logged", async () => {
  await service.deliver(segmentUploaded(first));
  expect(await places()).toEqual([]);
  expect(service.log.join("")).toContain("segment uploaded before it was sealed");
  await service.deliver(segmentSealed(first));
  expect(await places()).toEqual(["1: cache and store"]);
});

test("evicted without a receipt → still in the cache, and logged: only one copy exists", async () => {
  await service.deliver(segmentSealed(first), { type: "segment.evicted", segment: first });
  expect(await places()).toEqual(["1: cache"]);
  expect(service.log.join("")).toContain("segment evicted without a receipt");
});

test("dropped by an overwrite → not listed, its receipt stays in the catalogue", async () => {
  await service.deliver(segmentSealed(first), segmentUploaded(first), segmentSealed(second));
  await service.deliver({ type: "segment.dropped", segment: first });
  expect(await places()).toEqual(["2: cache"]);
  const row = await service.catalogue.database.segment.findFirst({ where: { number: 1 } });
  expect(row).toMatchObject({ objectKey: "gw1/RHS001L8/1", inCache: false });
});

test("overwritten from BOP → only segments of the new generation", async () => {
  await service.deliver(
    segmentSealed(first),
    { type: "volume.changed", ...volumeState(tag, { generation: 2 }) },
    segmentSealed(segmentRef(tag, 5, 2)),
  );
  expect(await places()).toEqual(["5: cache"]);
});

test("volume removed → what the store holds stays listed, what it does not hold is gone", async () => {
  await service.deliver(segmentSealed(first), segmentUploaded(first), segmentSealed(second));
  await service.deliver({ type: "volume.removed", library: "gw1", barcode: tag });
  expect(await places()).toEqual(["1: store"]);
});

test("pages of 2 over 5 segments in two partitions → all once, in order", async () => {
  const refs = [1, 2, 3, 4, 5].map((number) => ({
    ...segmentRef(tag, number),
    partition: number < 4 ? 0 : 1,
  }));
  await service.deliver(...refs.toReversed().map((ref) => segmentSealed(ref)));
  const seen: number[] = [];
  let page = await list("?limit=2");
  seen.push(...page.segments.map(({ number }) => number));
  while (page.marker !== null) {
    page = await list(`?limit=2&marker=${page.marker}`);
    seen.push(...page.segments.map(({ number }) => number));
  }
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test("marker of another list → 400 naming it; unknown tape → 404", async () => {
  const wrong = await service.ask<ErrorBody>(
    "GET",
    `/v1/tapes/${tag}/segments?marker=RHS001L8.gw1`,
  );
  expect([wrong.status, wrong.body.field]).toEqual([400, "query.marker"]);
  const none = await service.ask<ErrorBody>("GET", "/v1/tapes/NONE01L8/segments");
  expect([none.status, none.body.code]).toEqual([404, "TAPE_NOT_FOUND"]);
});
