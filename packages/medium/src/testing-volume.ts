/** Tests only: an empty volume on a disk that can crash, and short words for what is done with it. */
import assert from "node:assert/strict";
import type { BlockMarks } from "./port.ts";
import { CrashDisk } from "./testing-crash-disk.ts";
import { blockBytes, bytesOf, dataOut, testPorts } from "./testing-model.ts";
import { Volume } from "./volume.ts";
import type { VolumeOptions } from "./volume-options.ts";

export const root = "/media";
const createdAt = "2026-11-22T00:00:00Z";
const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null, createdAt };

export const testVolume = async (options: VolumeOptions = {}) => {
  const disk = new CrashDisk();
  await disk.mkdir(root);
  await disk.syncDirectory("/");
  const outside = testPorts(() => disk, root);
  const volume = await Volume.create(disk, root, made, outside.ports, options);
  return { disk, volume, ...outside, options };
};

/** The same volume, opened again; the one before is closed. */
export const reopened = async ({
  disk,
  volume,
  ports,
  options,
}: Awaited<ReturnType<typeof testVolume>>) => {
  assert.deepEqual(await volume.close(), { kind: "written" });
  return Volume.open(disk, root, made.barcode, ports, options);
};

/** The volume as it is found on a disk after the power came back. */
export const openOn = async (disk: CrashDisk): Promise<Volume> => {
  const { ports } = testPorts(() => disk, root);
  return (await Volume.open(disk, root, made.barcode, ports)).volume;
};

export const writeBlock = async (
  volume: Volume,
  id: number,
  length: number,
  marks?: BlockMarks,
): Promise<void> => {
  const { data } = dataOut([blockBytes(id, length)], () => 0.999);
  assert.deepEqual(await volume.writeBlocks(data, length, marks), { kind: "written" });
};

/** Reads to the end of data of a partition: ids of blocks (which are below 256), and F for filemarks. */
export const contentOf = async (volume: Volume, partition: number): Promise<string> => {
  await volume.locate(0, partition);
  const found: string[] = [];
  for (;;) {
    const result = await volume.read(1 << 25);
    if (result.kind === "endOfData") return found.join(" ");
    if (result.kind === "fault") throw new Error(result.reason);
    if (result.kind === "filemark") {
      found.push("F");
      continue;
    }
    const bytes = bytesOf(result.data);
    result.data.release();
    const id = Array.from({ length: 256 }, (_, at) => at).find(
      (one) => bytes[0] === blockBytes(one, 1)[0] && bytes.equals(blockBytes(one, bytes.length)),
    );
    found.push(String(id));
  }
};
