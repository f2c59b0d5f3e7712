import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Manifest } from "@reelhouse/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testKey } from "../testing/test-media.ts";
import { ManifestFiles } from "./manifest-files.ts";

let directory: string;
let files: ManifestFiles;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "manifests-"));
  files = new ManifestFiles(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const manifest = (sequence: number, generation = 1): Manifest => ({
  format: "reelhouse-manifest",
  version: 1,
  gateway: "gw1",
  library: "gw1",
  barcode: "RHS001L8",
  generation,
  sequence,
  createdAt: "2026-11-22T00:00:00.000Z",
  capacityBytes: 1000,
  worm: false,
  pool: null,
  wrappedKey: testKey,
  complete: true,
  segments: [],
});
const names = () => readdir(path.join(directory, "RHS001L8", "g1", "manifest"));

test("a volume without a manifest → has no newest one", async () => {
  expect(await files.newest("RHS001L8", 1)).toBeUndefined();
});

test("a written manifest → is the newest of its generation, not published, as it was composed", async () => {
  await files.write(manifest(1));
  await files.write(manifest(10));
  await files.write(manifest(9));
  const newest = await files.newest("RHS001L8", 1);
  expect(newest).toMatchObject({ sequence: 10, published: false, manifest: manifest(10) });
  expect(newest?.path).toBe("RHS001L8/g1/manifest/000000000010.json");
  expect(await files.newest("RHS001L8", 2)).toBeUndefined();
});

test("a published manifest → says so, and those before it are removed", async () => {
  for (const sequence of [1, 2, 3]) await files.write(manifest(sequence));
  await files.markPublished("RHS001L8", 1, 2);
  expect((await names()).sort()).toEqual(["000000000002.published.json", "000000000003.json"]);
  expect(await files.newest("RHS001L8", 1)).toMatchObject({ sequence: 3, published: false });
  await files.markPublished("RHS001L8", 1, 3);
  expect(await names()).toEqual(["000000000003.published.json"]);
  expect(await files.newest("RHS001L8", 1)).toMatchObject({ sequence: 3, published: true });
});

test("a manifest that is not there any more → is marked by nobody", async () => {
  await files.write(manifest(2));
  await files.markPublished("RHS001L8", 1, 1);
  await files.markPublished("RHS001L8", 7, 1);
  expect(await names()).toEqual(["000000000002.json"]);
});
