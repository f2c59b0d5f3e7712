/** Bytes of the log or of volume.json that are not what was written, or not of now: nothing is removed for their sake. */
import { describe, expect, it } from "vitest";
import type { CrashDisk } from "./testing-crash-disk.ts";
import { contentOf, openOn, root, testVolume, writeBlock } from "./testing-volume.ts";
import type { Volume } from "./volume.ts";

const folder = `${root}/RHS001L8`;
const logPath = `${folder}/g1/volume.log`;
const ref = (number: number) => ({ generation: 1, partition: 0, number });
const receipt = (count: number, fillerBytes = 200): string =>
  JSON.stringify({ count, filler: "x".repeat(fillerBytes) });

const flip = async (disk: CrashDisk, path: string, at: number): Promise<void> => {
  const bytes = Buffer.from(disk.contentOf(path));
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  const file = await disk.open(path, "write");
  await file.writev([bytes], 0);
  await file.datasync();
};

const addSegment = async (volume: Volume, number: number, receiptText: string): Promise<void> => {
  await writeBlock(volume, number, 100);
  await volume.seal();
  await volume.describeSegment(ref(number));
  expect(await volume.recordReceipt(ref(number), receiptText, number)).toBe(true);
};

/** Three segments in the store, and where the log ends after each. */
const setUp = async (fillerBytes = 200) => {
  const test = await testVolume();
  const ends: number[] = [];
  for (const number of [1, 2, 3]) {
    await addSegment(test.volume, number, receipt(number, fillerBytes));
    ends.push(test.disk.contentOf(logPath).length);
  }
  return { ...test, ends };
};

describe("a log with a rotten byte", () => {
  it("amid rows that were synced one after another → opening throws, and no file is changed or removed", async () => {
    const { disk, volume, ends } = await setUp();
    await volume.close();
    const at = (ends[0] ?? 0) - 20;
    await flip(disk, logPath, at);
    const log = Buffer.from(disk.contentOf(logPath));
    await expect(openOn(disk)).rejects.toThrow("is damaged at byte");
    expect(disk.contentOf(logPath).equals(log)).toBe(true);
    expect(await disk.readdir(`${folder}/g1/p0`)).toHaveLength(3);
    await flip(disk, logPath, at);
    expect(await contentOf(await openOn(disk), 0)).toBe("1 2 3");
  });

  it("in its last row, as if torn → that row goes, as before", async () => {
    const { disk, volume, ends } = await setUp();
    await volume.close();
    await flip(disk, logPath, (ends[2] ?? 0) - 20);
    const again = await openOn(disk);
    expect(await contentOf(again, 0)).toBe("1 2 3");
    expect(await again.receiptOf(ref(3))).toBeUndefined();
    expect(await again.receiptOf(ref(2))).toBe(receipt(2));
  });

  it("when its receipt is asked for → that rejects, and the process goes on", async () => {
    const { disk, volume, ends } = await setUp();
    await flip(disk, logPath, (ends[0] ?? 0) - 20);
    await expect(volume.receiptOf(ref(1))).rejects.toThrow("is damaged at byte");
    expect(await volume.receiptOf(ref(2))).toBe(receipt(2));
  });

  it("when it is compacted → it stays as it is, with all that is behind", async () => {
    const { disk, volume, ends } = await setUp();
    for (let count = 1; count <= 5; count += 1)
      await volume.recordReceipt(ref(1), receipt(count, 300_000), 5);
    const at = (ends[1] ?? 0) - 20;
    await flip(disk, logPath, at);
    await writeBlock(volume, 4, 100);
    expect(await volume.seal()).toEqual({ kind: "written" });
    await flip(disk, logPath, at);
    expect(await volume.receiptOf(ref(3))).toBe(receipt(3));
    await volume.close();
    const again = await openOn(disk);
    expect(await again.receiptOf(ref(3))).toBe(receipt(3));
    expect(await contentOf(again, 0)).toBe("1 2 3 4");
  });
});

describe("volume.json", () => {
  it("names a generation that is not there → opening throws, the one that is there stays", async () => {
    const { disk, volume } = await testVolume();
    const old = Buffer.from(disk.contentOf(`${folder}/volume.json`));
    await volume.format([1e9]);
    await writeBlock(volume, 1, 100);
    expect(await volume.close()).toEqual({ kind: "written" });
    const file = await disk.open(`${folder}/volume.json`, "create");
    await file.writev([old], 0);
    await expect(openOn(disk)).rejects.toThrow("ENOENT");
    expect(await disk.readdir(`${folder}/g2/p0`)).toEqual(["00000001.segment"]);
  });
});
