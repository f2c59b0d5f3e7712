/** What is told of a cut: the segments that went, and the one that ends earlier now. */
import { describe, expect, it } from "vitest";
import { CrashDisk } from "./testing-crash-disk.ts";
import { blockBytes, dataOut, testPorts } from "./testing-model.ts";
import { Volume } from "./volume.ts";

const root = "/media";
const createdAt = "2026-11-22T00:00:00Z";
const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null, createdAt };

/** Two sealed segments of two blocks each; the events from here on. */
const twoSegments = async () => {
  const disk = new CrashDisk();
  await disk.mkdir(root);
  const { ports, events } = testPorts(() => disk, root);
  const volume = await Volume.create(disk, root, made, ports);
  const write = () => {
    const { data } = dataOut([blockBytes(1, 100), blockBytes(2, 100)], () => 0.999);
    return volume.writeBlocks(data, 100);
  };
  for (let count = 0; count < 2; count += 1) {
    await write();
    await volume.seal();
  }
  events.length = 0;
  const told = () =>
    events.map((event) =>
      "segment" in event
        ? `${event.type} ${event.segment.number} to ${event.segment.endObject}`
        : event.type,
    );
  return { disk, volume, write, told };
};

describe("what is told of a cut", () => {
  it("an erasure inside the last sealed segment → cut, with its new end", async () => {
    const { volume, told } = await twoSegments();
    await volume.locate(3);
    expect(await volume.erase()).toEqual({ kind: "written" });
    expect(told()).toEqual(["cut 2 to 3"]);
  });
  it("an erasure inside the first segment → cut, and the second dropped", async () => {
    const { volume, told } = await twoSegments();
    await volume.locate(1);
    await volume.erase();
    expect(told()).toEqual(["cut 1 to 1", "dropped 2 to 4"]);
  });
  it("a write between two segments → cut, though the first is whole", async () => {
    const { volume, write, told } = await twoSegments();
    await volume.locate(2);
    await write();
    expect(told()).toEqual(["cut 1 to 2", "dropped 2 to 4"]);
  });
  it("an erasure inside the open segment → cut", async () => {
    const { volume, write, told } = await twoSegments();
    volume.spaceEndOfData();
    await write();
    await volume.locate(5);
    await volume.erase();
    expect(told()).toEqual(["cut 3 to 5"]);
  });
  it("an erasure at BOP → no cut, but a new generation", async () => {
    const { volume, told } = await twoSegments();
    await volume.locate(0);
    await volume.erase();
    expect(told()).toEqual(["dropped 1 to 2", "dropped 2 to 4", "generation"]);
  });
  it("a cut that has no room for its row, or whose sync fails → nothing told", async () => {
    for (const [failing, code] of [["writev", "ENOSPC"] as const, ["datasync", "EIO"] as const]) {
      const { disk, volume, told } = await twoSegments();
      await volume.locate(3);
      disk.interfere = (operation) => {
        if (operation === failing) throw Object.assign(new Error(code), { code });
      };
      expect(await volume.erase()).toMatchObject({ kind: "fault" });
      expect(told()).toEqual([]);
    }
  });
});
