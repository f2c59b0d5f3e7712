/** Tests only: the volume whose files lie in fixtures/. Every kind of record and row is in it. */
import assert from "node:assert/strict";
import type { Disk } from "./disk.ts";
import { blockBytes } from "./testing-model.ts";
import type { VolumePorts } from "./port.ts";
import { Volume } from "./volume.ts";

export const goldenFiles = [
  "volume.json",
  "g1/volume.log",
  "g1/p0/00000001.segment",
  "g1/p0/00000003.segment",
] as const;

const dataOf = (ids: readonly number[], length: number) => ({
  views: ids.map((id) => blockBytes(id, length)),
  byteLength: ids.length * length,
  release: () => undefined,
});

/** What the golden volume holds, as text: a block is id:length. */
export const goldenContent = "1:40 2:40 3:40 F F 4:100 F 7:9";

const must = async (result: unknown) => assert.deepEqual(await result, { kind: "written" });

/** Makes it in `<root>/RHS001L8`, and leaves it open at its end of data. */
export const writeGolden = async (disk: Disk, root: string, ports: VolumePorts) => {
  const volume = await Volume.create(
    disk,
    root,
    {
      barcode: "RHS001L8",
      capacityBytes: 107_374_182_400,
      worm: false,
      pool: null,
      createdAt: "2026-11-22T00:00:00.000Z",
      uuid: "0f0e0d0c-0b0a-4908-8706-050403020100",
    },
    ports,
  );
  await must(volume.writeBlocks(dataOf([1, 2, 3], 40), 40));
  await must(volume.writeFilemarks(2));
  await must(volume.writeBlocks(dataOf([4], 100), 100));
  await must(volume.seal());
  const first = { generation: 1, partition: 0, number: 1 };
  await volume.describeSegment(first);
  await volume.recordReceipt(first, '{"etag":"golden"}', 321);
  // A segment that is cut away, and one in a later epoch whose run of filemarks is cut.
  await must(volume.writeBlocks(dataOf([5], 8), 8));
  await must(volume.synchronize());
  await volume.locate(6);
  await must(volume.erase());
  await must(volume.writeFilemarks(3));
  await must(volume.synchronize());
  await volume.locate(7);
  await must(volume.writeBlocks(dataOf([7], 9), 9));
  await must(volume.synchronize());
  return volume;
};
