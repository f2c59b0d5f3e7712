import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Volume } from "@reelhouse/medium";
import { openTestMedia, testKey } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { composeManifest } from "./compose-manifest.ts";

const names = {
  gateway: "gw1",
  library: "gw1",
  sequence: 1,
  createdAt: "2026-11-22T00:00:00.000Z",
};

let tape: TestMedia;
let volume: Volume;
beforeEach(async () => {
  tape = await openTestMedia();
  volume = await tape.make("RHS001L8");
  await volume.setWrappedKey(testKey);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await tape.close();
});

/** While the receipt of the first segment is read, `work` is done. */
const meanwhile = (work: () => Promise<unknown>) => {
  const receiptOf = volume.receiptOf.bind(volume);
  vi.spyOn(volume, "receiptOf").mockImplementationOnce(async (ref) => {
    const text = await receiptOf(ref);
    await work();
    return text;
  });
};

test("an overwrite in the midst of it → the manifest is of one moment, and not of two", async () => {
  await volume.writeFilemarks(3);
  for (const length of [1000, 2000, 3000]) await tape.upload(volume, length);
  meanwhile(async () => {
    await volume.locate(2);
    await tape.upload(volume, 5000);
  });
  const made = await composeManifest(volume, names);
  const runs = made?.segments.map(({ firstObject, endObject }) => [firstObject, endObject]);
  expect(runs?.[0]).toEqual([0, 2]);
  const ends = [0, ...(runs ?? []).map(([, end]) => end)];
  expect(runs?.map(([first]) => first)).toEqual(ends.slice(0, -1));
  expect(made?.complete).toBe(runs?.length === [...volume.segments()].length);
});

test("a new generation in the midst of it → no manifest", async () => {
  await tape.upload(volume, 1000);
  meanwhile(async () => volume.format([2 ** 30]));
  expect(await composeManifest(volume, names)).toBeUndefined();
});
