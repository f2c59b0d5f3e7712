/** The order of what opening repairs: what it takes away is gone for good before anything new is written. */
import { describe, expect, it } from "vitest";
import { CrashDisk } from "./testing-crash-disk.ts";
import { blockBytes, dataOut, testPorts } from "./testing-model.ts";
import { Volume } from "./volume.ts";

const root = "/media";
const directory = `${root}/RHS001L8/g1/p0`;
const createdAt = "2026-11-22T00:00:00Z";
const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null, createdAt };

const written = async () => {
  const disk = new CrashDisk();
  await disk.mkdir(root);
  const { ports } = testPorts(() => disk, root);
  const volume = await Volume.create(disk, root, made, ports);
  const { data } = dataOut([blockBytes(1, 100), blockBytes(2, 100)], () => 0);
  await volume.writeBlocks(data, 100);
  await volume.close();
  return { disk, ports };
};

const put = async (disk: CrashDisk, path: string, bytes: Buffer): Promise<void> => {
  const file = await disk.open(path, "create");
  await file.writev([bytes], 0);
};

/** The operations of one opening that change something, with the file's name. */
const changes = async (
  { disk, ports }: Awaited<ReturnType<typeof written>>,
  isSettled = true,
): Promise<string[]> => {
  const seen: string[] = [];
  disk.interfere = (operation, path) => {
    if (["open", "read", "readFile", "readdir", "size"].includes(operation)) return;
    seen.push(`${operation} ${path.split("/").at(-1)}`);
  };
  await Volume.open(disk, root, made.barcode, ports, { isSettled });
  return seen.filter((one) => !one.startsWith("removeTree volume.log.tmp"));
};

describe("recovery", () => {
  it("a clean volume → nothing is changed, the open segment is synced", async () => {
    expect(await changes(await written())).toEqual(["datasync 00000001.segment"]);
  });
  it("a volume that may have been left by a kill → all that is found is made to last, names first", async () => {
    expect(await changes(await written(), false)).toEqual([
      "syncDirectory RHS001L8",
      "syncDirectory g1",
      "writev volume.log",
      "datasync volume.log",
      "syncDirectory p0",
      "writev 00000001.segment",
      "datasync 00000001.segment",
    ]);
  });
  it("a torn segment → truncated, then synced", async () => {
    const { disk, ports } = await written();
    const path = `${directory}/00000001.segment`;
    await put(disk, path, Buffer.from(disk.contentOf(path)).subarray(0, 300));
    expect(await changes({ disk, ports })).toEqual([
      "truncate 00000001.segment",
      "datasync 00000001.segment",
    ]);
  });
  it("a torn log → truncated, then synced", async () => {
    const { disk, ports } = await written();
    const path = `${root}/RHS001L8/g1/volume.log`;
    await put(disk, path, Buffer.concat([disk.contentOf(path), Buffer.from("torn")]));
    const seen = await changes({ disk, ports });
    expect(seen.slice(0, 2)).toEqual(["truncate volume.log", "datasync volume.log"]);
  });
  it("files the log does not know → removed, then the folder is synced", async () => {
    const { disk, ports } = await written();
    await put(disk, `${directory}/00000002.segment`, Buffer.alloc(10));
    await put(disk, `${directory}/00000007.segment.tmp`, Buffer.alloc(10));
    const seen = await changes({ disk, ports });
    expect(seen.slice(1)).toEqual([
      "unlink 00000002.segment",
      "unlink 00000007.segment.tmp",
      "syncDirectory p0",
    ]);
  });
  it("a recall that a kill broke off → its beginnings are removed, the segment stays", async () => {
    const { disk, ports } = await written();
    const partial = "00000001.segment.0d5c1f5e-6f0e-4f5c-9d7b-0a4a3d0b8f11.partial";
    await put(disk, `${directory}/${partial}`, Buffer.alloc(10));
    const { repaired } = await Volume.open(disk, root, made.barcode, ports);
    expect(repaired.filesRemoved).toEqual([partial]);
    expect(await disk.readdir(directory)).toEqual(["00000001.segment"]);
  });
  it("a generation that never counted, or no longer → removed", async () => {
    const { disk, ports } = await written();
    await disk.mkdir(`${root}/RHS001L8/g2/p0`);
    await put(disk, `${root}/RHS001L8/volume.json.tmp`, Buffer.alloc(10));
    await changes({ disk, ports });
    expect((await disk.readdir(`${root}/RHS001L8`)).sort()).toEqual(["g1", "volume.json"]);
  });
});
