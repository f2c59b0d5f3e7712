/** Tests only: the volumes whose files lie in fixtures/. Every kind of record and row is in one of them. */
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

export const partitionedFiles = [
  "volume.json",
  "g2/volume.log",
  "g2/p0/00000002.segment",
  "g2/p1/00000001.segment",
] as const;

/** What the partitions of the other golden volume hold; `e` enciphered, `u` uncompressed. */
export const partitionedContent = ["2:16 F 3:16", "4:24e 5:24 6:24eu"] as const;

/**
 * A volume with two partitions, of which the first was overwritten from BOP, with every mark and with attributes, in
 * `<root>/RHS002L8`. It is left open.
 */
export const writePartitionedGolden = async (disk: Disk, root: string, ports: VolumePorts) => {
  const volume = await Volume.create(
    disk,
    root,
    {
      barcode: "RHS002L8",
      capacityBytes: 107_374_182_400,
      worm: false,
      pool: null,
      createdAt: "2026-11-22T00:00:00.000Z",
      uuid: "1f1e1d1c-1b1a-4918-8716-151413121110",
    },
    ports,
  );
  await must(volume.format([2 ** 30, 2 ** 36]));
  await must(volume.writeBlocks(dataOf([1], 16), 16));
  await must(volume.synchronize());
  await volume.locate(0);
  await must(volume.writeBlocks(dataOf([2], 16), 16));
  await must(volume.writeFilemarks(1));
  await must(volume.writeBlocks(dataOf([3], 16), 16));
  await volume.locate(0, 1);
  await must(volume.writeBlocks(dataOf([4], 24), 24, { enciphered: true }));
  await must(volume.writeBlocks(dataOf([5], 24), 24));
  await must(volume.writeBlocks(dataOf([6], 24), 24, { enciphered: true, uncompressed: true }));
  await must(volume.seal());
  const coherency = { identifier: 0x080c, format: 0, value: Buffer.from("coherent") } as const;
  await must(volume.writeAttributes(1, [coherency]));
  const vendor = { identifier: 0x0800, format: 1, value: Buffer.from("REELHOUS") } as const;
  await must(volume.writeAttributes(0, [vendor]));
  return volume;
};
