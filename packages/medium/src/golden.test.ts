/** Format version 1 for ever: the files in fixtures/ are written again byte for byte, and read. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CrashDisk } from "./testing-crash-disk.ts";
import {
  goldenContent,
  goldenFiles,
  partitionedContent,
  partitionedFiles,
  writeGolden,
  writePartitionedGolden,
} from "./testing-golden.ts";
import { blockBytes, bytesOf, testPorts } from "./testing-model.ts";
import { Volume } from "./volume.ts";

const golden = (name: string, barcode = "RHS001L8"): Buffer =>
  readFileSync(new URL(`../fixtures/${barcode}/${name}`, import.meta.url));

const contentOf = async (volume: Volume): Promise<string> => {
  const found: string[] = [];
  for (;;) {
    const result = await volume.read(1000);
    if (result.kind === "endOfData") return found.join(" ");
    if (result.kind === "fault") throw new Error(result.reason);
    if (result.kind === "filemark") found.push("F");
    else {
      const bytes = bytesOf(result.data);
      const id = [1, 2, 3, 4, 5, 6, 7].find((one) => bytes.equals(blockBytes(one, bytes.length)));
      found.push(`${id}:${result.length}${result.enciphered ? "e" : ""}`);
      result.data.release();
    }
  }
};

describe("golden files", () => {
  it("the golden volume is written → the golden bytes", async () => {
    const disk = new CrashDisk();
    await disk.mkdir("/media");
    await writeGolden(disk, "/media", testPorts(() => disk, "/media").ports);
    for (const name of goldenFiles) {
      const bytes = disk.contentOf(`/media/RHS001L8/${name}`);
      expect([name, bytes.toString("hex")]).toEqual([name, golden(name).toString("hex")]);
    }
    expect(await disk.readdir("/media/RHS001L8/g1/p0")).toHaveLength(2);
  });
  it("the golden bytes are read → the golden volume", async () => {
    const disk = new CrashDisk();
    await disk.mkdir("/media/RHS001L8/g1/p0");
    for (const name of goldenFiles) {
      const file = await disk.open(`/media/RHS001L8/${name}`, "create");
      await file.writev([golden(name)], 0);
    }
    const { ports } = testPorts(() => disk, "/media");
    const { volume, repaired } = await Volume.open(disk, "/media", "RHS001L8", ports);
    expect(repaired).toEqual({
      logBytesCut: 0,
      cuts: [],
      segmentsDropped: [],
      segmentsLost: [],
      filesRemoved: [],
    });
    expect(await contentOf(volume)).toBe(goldenContent);
    const first = { generation: 1, partition: 0, number: 1 };
    expect(await volume.receiptOf(first)).toBe('{"etag":"golden"}');
    expect(volume.segment(first)?.objectBytes).toBe(321);
    expect((await volume.describeSegment(first))?.sha256).toBe(
      "ce840cdf2bf27fa605c3ca1cdd827556c3bcf7656f05897ee71cb79c486547f4",
    );
    expect(volume.describe()).toMatchObject({ filemarks: 3, objects: 8, segments: 2 });
  });
});

describe("golden files with partitions", () => {
  it("the volume is written → the golden bytes", async () => {
    const disk = new CrashDisk();
    await disk.mkdir("/media");
    await writePartitionedGolden(disk, "/media", testPorts(() => disk, "/media").ports);
    for (const name of partitionedFiles) {
      const bytes = disk.contentOf(`/media/RHS002L8/${name}`);
      expect([name, bytes.toString("hex")]).toEqual([
        name,
        golden(name, "RHS002L8").toString("hex"),
      ]);
    }
  });
  it("the golden bytes are read → the volume", async () => {
    const disk = new CrashDisk();
    for (const name of partitionedFiles) {
      await disk.mkdir(`/media/RHS002L8/${name.split("/").slice(0, -1).join("/")}`);
      const file = await disk.open(`/media/RHS002L8/${name}`, "create");
      await file.writev([golden(name, "RHS002L8")], 0);
    }
    const { ports } = testPorts(() => disk, "/media");
    const { volume, repaired } = await Volume.open(disk, "/media", "RHS002L8", ports);
    expect(repaired).toMatchObject({ cuts: [], segmentsDropped: [], segmentsLost: [] });
    const found = [await contentOf(volume)];
    await volume.locate(0, 1);
    found.push(await contentOf(volume));
    expect(found).toEqual(partitionedContent.map((text) => text.replaceAll("u", "")));
    expect(Array.from(volume.segments()).map((one) => one.uncompressed)).toEqual([false, true]);
    expect(volume.partitions.map((one) => one.capacityBytes)).toEqual([2 ** 30, 2 ** 36]);
    expect(volume.attributes(1)).toEqual([
      { identifier: 0x080c, format: 0, value: Buffer.from("coherent") },
    ]);
  });
});
