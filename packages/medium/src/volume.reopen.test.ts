/**
 * A volume that is opened again while the system still runs: what the last process wrote and did not sync is there to be
 * read, and not on the disk. What is taken over must be made to last, or what is promised on top of it falls with it.
 */
import { expect, it } from "vitest";
import type { CrashDisk } from "./testing-crash-disk.ts";
import { testPorts } from "./testing-model.ts";
import { contentOf, openOn, root, testVolume, writeBlock } from "./testing-volume.ts";
import { Volume } from "./volume.ts";

const written = { kind: "written" };
const name = { generation: 1, partition: 0, number: 1 };
/** Nothing that was not synced survives. */
const powerCut = (disk: CrashDisk) => disk.afterCrash(() => 0.34);
const losesNames = (disk: CrashDisk) => disk.afterCrash(() => 0.6);

const failing = (disk: CrashDisk, where: string): void => {
  disk.interfere = (operation, path) => {
    if (operation === "datasync" && path.includes(where)) throw new Error("EIO");
  };
};

/** Opened by the next process, on the disk as the one before left it. */
const opened = async (disk: CrashDisk): Promise<Volume> => {
  const { ports } = testPorts(() => disk, root);
  return (await Volume.open(disk, root, "RHS001L8", ports)).volume;
};

it.each([powerCut, losesNames])(
  "killed before a sync, opened, written on and synced, then no power → all of it is there (%#)",
  async (cut) => {
    const { disk, volume } = await testVolume();
    await writeBlock(volume, 1, 300_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(disk.contentOf(`${root}/RHS001L8/g1/p0/00000001.segment`).length).toBeGreaterThan(3e5);
    const next = disk.afterKill();
    const again = await opened(next);
    again.spaceEndOfData();
    await writeBlock(again, 2, 100);
    expect(await again.synchronize()).toEqual(written);
    expect(await contentOf(await openOn(cut(next)), 0)).toBe("1 2");
  },
);

it("a receipt whose row was not synced when the process was killed → its file is given up only when the row lasts", async () => {
  const { disk, volume } = await testVolume();
  await writeBlock(volume, 1, 100);
  await volume.seal();
  disk.interfere = (operation, path) => {
    if (operation !== "datasync" || !path.endsWith("volume.log")) return;
    disk.crashAt = 0;
    throw new Error("killed");
  };
  await expect(volume.recordReceipt(name, "{}", 5)).rejects.toThrow();
  const next = disk.afterKill();
  const again = await opened(next);
  expect(again.segment(name)?.state).toBe("uploaded");
  expect(await again.evict(name)).toBe(true);
  const last = await openOn(next.afterCrash(() => 0.34));
  expect(last.segment(name)?.state).not.toBe("lost");
});

it.each([".segment", "volume.log"])(
  "a sync of %s failed, the volume was opened anew and synced, then no power → what was found is there",
  async (where) => {
    const { disk, volume } = await testVolume();
    // The log's row of the segment is stored; or not, and the first sync is that of both.
    await writeBlock(volume, 1, 100);
    if (where === ".segment") await volume.synchronize();
    await writeBlock(volume, 2, 100);
    failing(disk, where);
    expect(await volume.synchronize()).toMatchObject({ kind: "fault", fault: "write" });
    disk.interfere = () => undefined;
    await volume.close();
    const again = await opened(disk);
    const found = await contentOf(again, 0);
    await writeBlock(again, 3, 100);
    expect(await again.synchronize()).toEqual(written);
    const last = await openOn(powerCut(disk));
    expect(await contentOf(last, 0)).toBe(`${found} 3`.trim());
  },
);
