/** A volume that was closed, while someone still holds it: whoever opened the folder anew must not find it changed. */
import { expect, it } from "vitest";
import { contentOf, reopened, root, testVolume, writeBlock } from "./testing-volume.ts";

const segment = { generation: 1, partition: 0, number: 1 };
const wrappedKey = { name: "late" };

/** A volume with a segment in the store, and the same one opened again. */
const closedAndOpened = async () => {
  const test = await testVolume();
  await writeBlock(test.volume, 1, 100);
  await test.volume.seal();
  await test.volume.recordReceipt(segment, "{}", 5);
  const { volume } = await reopened(test);
  return { test, before: test.volume, volume };
};

it("a key that comes late to a closed volume → is refused, the volume that was opened anew stays", async () => {
  const { test, before, volume } = await closedAndOpened();
  await writeBlock(volume, 2, 100);
  expect(await volume.synchronize()).toEqual({ kind: "written" });
  expect(volume.generation).toBe(2);
  await expect(before.setWrappedKey(wrappedKey)).rejects.toThrow("closed");
  await expect(before.setWriteProtected(true)).rejects.toThrow("closed");
  const again = await reopened({ ...test, volume });
  expect(again.volume.generation).toBe(2);
  expect(await contentOf(again.volume, 0)).toBe("2");
});

it("an eviction by way of a closed volume → false, the file stays", async () => {
  const { test, before, volume } = await closedAndOpened();
  expect(await before.evict(segment)).toBe(false);
  expect(volume.segment(segment)?.state).toBe("uploaded");
  expect(test.disk.contentOf(`${root}/RHS001L8/g1/p0/00000001.segment`).length).toBeGreaterThan(
    100,
  );
});

it("a receipt for a closed volume → rejects", async () => {
  const { before } = await closedAndOpened();
  await expect(before.recordReceipt(segment, "{}", 5)).rejects.toThrow("closed");
});

it("closed twice → as once", async () => {
  const { volume } = await testVolume();
  expect(await volume.close()).toEqual({ kind: "written" });
  expect(await volume.close()).toEqual({ kind: "written" });
});
