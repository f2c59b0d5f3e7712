/** A file of the cache that rotted while the store has the segment: the host gets its block, and the file is renewed. */
import { expect, it } from "vitest";
import type { CrashDisk } from "./testing-crash-disk.ts";
import { contentOf, root, testVolume, writeBlock } from "./testing-volume.ts";

const ref = { generation: 1, partition: 0, number: 1 };
const path = `${root}/RHS001L8/g1/p0/00000001.segment`;

const rot = async (disk: CrashDisk, at: number): Promise<void> => {
  const bytes = Buffer.from(disk.contentOf(path));
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  const file = await disk.open(path, "write");
  await file.writev([bytes], 0);
};

/** Three blocks in a segment that is in the cache and, where it was stored, in the vault. */
const setUp = async (isStored = true) => {
  const test = await testVolume();
  for (const id of [1, 2, 3]) await writeBlock(test.volume, id, 1000);
  await test.volume.seal();
  const description = test.volume.segment(ref);
  if (description !== undefined) test.store(description);
  if (isStored) await test.volume.recordReceipt(ref, "{}", 5);
  let recalls = 0;
  const recall = test.ports.recall.bind(test.ports);
  test.ports.recall = (segment) => {
    recalls += 1;
    return recall(segment);
  };
  return { ...test, good: Buffer.from(disk(test)), recallCount: () => recalls };
};
const disk = (test: Awaited<ReturnType<typeof testVolume>>) => test.disk.contentOf(path);

it.each([
  ["a block", 128 + 32 + 500],
  ["a record's header", 128 + 1032 + 8],
  ["the index", -140],
  ["the trailer", -20],
])("%s that rotted → the store's file takes its place, and all is read", async (_, at) => {
  const test = await setUp();
  await rot(test.disk, at);
  expect(await contentOf(test.volume, 0)).toBe("1 2 3");
  expect(test.recallCount()).toBe(1);
  expect(disk(test).equals(test.good)).toBe(true);
  expect(test.volume.segment(ref)?.state).toBe("uploaded");
  await test.volume.rest();
  expect(await test.volume.evict(ref)).toBe(true);
});

it("a file that somebody took away → comes back", async () => {
  const test = await setUp();
  await test.disk.unlink(path);
  expect(await contentOf(test.volume, 0)).toBe("1 2 3");
});

it("one that is not in the store → fault read, nothing is asked for", async () => {
  const test = await setUp(false);
  await rot(test.disk, 128 + 32 + 500);
  await expect(contentOf(test.volume, 0)).rejects.toThrow("bad payload");
  expect(test.recallCount()).toBe(0);
});

it("one that the store does not give → fault read, the file stays with what is good of it", async () => {
  const test = await setUp();
  await rot(test.disk, 128 + 32 + 500);
  test.vault.clear();
  await test.volume.locate(0);
  expect(await test.volume.read(1000)).toMatchObject({ kind: "fault", fault: "read" });
  await test.volume.locate(1);
  const second = await test.volume.read(1000);
  expect(second.kind).toBe("block");
  if (second.kind === "block") second.data.release();
});

it("a store whose file is no better → one try, then fault read", async () => {
  const test = await setUp();
  await rot(test.disk, 128 + 32 + 500);
  test.vault.set("RHS001L8/g1/p0/00000001.segment", Buffer.from(disk(test)));
  await test.volume.locate(0);
  expect(await test.volume.read(1000)).toMatchObject({ kind: "fault", fault: "read" });
  expect(test.recallCount()).toBe(1);
});
