/** What must not happen to a segment after it was written, when the disk fails or the volume changes meanwhile. */
import { describe, expect, it } from "vitest";
import { CrashDisk } from "./testing-crash-disk.ts";
import { blockBytes, dataOut, testPorts } from "./testing-model.ts";
import { Volume } from "./volume.ts";

const root = "/media";
const directory = `${root}/RHS001L8/g1/p0`;
const createdAt = "2026-11-22T00:00:00Z";
const made = { barcode: "RHS001L8", capacityBytes: 1e9, worm: false, pool: null, createdAt };
const segment = (number: number) => ({ generation: 1, partition: 0, number });

/** Segments of two blocks, all with a receipt. */
const uploaded = async (segments: number) => {
  const disk = new CrashDisk();
  await disk.mkdir(root);
  const outside = testPorts(() => disk, root);
  const volume = await Volume.create(disk, root, made, outside.ports, {
    segmentBytesMax: 8192,
  });
  const write = (id: number) => {
    const { data } = dataOut([blockBytes(id, 100), blockBytes(id + 1, 100)], () => 0.999);
    return volume.writeBlocks(data, 100);
  };
  for (let number = 1; number <= segments; number += 1) {
    await write(2 * number);
    await volume.seal();
    const description = volume.segment(segment(number));
    if (description !== undefined) outside.store(description);
    await volume.recordReceipt(segment(number), "{}", 5);
  }
  return { disk, volume, write, ...outside };
};

const failing = (disk: CrashDisk, operation: string): void => {
  disk.interfere = (name) => {
    if (name === operation) throw Object.assign(new Error("EIO: simulated"), { code: "EIO" });
  };
};

describe("eviction on a failing disk", () => {
  it("the file cannot be unlinked → false, still here and readable, evicted when it can be", async () => {
    const { disk, volume, events } = await uploaded(1);
    failing(disk, "unlink");
    const clean = volume.describe().diskCleanBytes;
    expect(await volume.evict(segment(1))).toBe(false);
    expect(volume.segment(segment(1))?.state).toBe("uploaded");
    expect(volume.describe().diskCleanBytes).toBe(clean);
    expect(events.at(-1)?.type).toBe("uploaded");
    disk.interfere = () => undefined;
    expect(await volume.evict(segment(1))).toBe(true);
    expect(events.at(-1)?.type).toBe("evicted");
  });
  it("a recall asked for while the unlinking fails → nothing is fetched", async () => {
    const { disk, volume, ports } = await uploaded(1);
    let recalls = 0;
    ports.recall = () => {
      recalls += 1;
      return Promise.resolve();
    };
    let recalled: Promise<unknown> = Promise.resolve();
    disk.interfere = (operation) => {
      if (operation !== "unlink") return;
      recalled = volume.recall(segment(1));
      throw Object.assign(new Error("EIO: simulated"), { code: "EIO" });
    };
    expect(await volume.evict(segment(1))).toBe(false);
    expect(await recalled).toBeUndefined();
    expect(recalls).toBe(0);
    expect(volume.segment(segment(1))?.state).toBe("uploaded");
  });
});

/** One segment with a receipt, one sealed, and a third whose sync failed. */
const failed = async () => {
  const all = await uploaded(1);
  await all.write(4);
  await all.volume.seal();
  await all.write(6);
  failing(all.disk, "datasync");
  expect(await all.volume.synchronize()).toMatchObject({ fault: "write" });
  all.disk.interfere = () => undefined;
  return all;
};

describe("after a failed sync", () => {
  it("a receipt → rejected, and not there when opened anew; then it is taken", async () => {
    const { disk, volume, ports, events } = await failed();
    await expect(volume.recordReceipt(segment(2), "{}", 5)).rejects.toThrow(/EIO/);
    expect(volume.segment(segment(2))?.state).toBe("sealed");
    expect(events.at(-1)?.type).toBe("sealed");
    await volume.close();
    const again = await Volume.open(disk, root, made.barcode, ports);
    expect(await again.volume.receiptOf(segment(2))).toBeUndefined();
    expect(await again.volume.recordReceipt(segment(2), "{}", 5)).toBe(true);
  });
  it("a receipt that was under way when another's sync of the log failed → rejected", async () => {
    const { disk, volume, write } = await uploaded(1);
    await write(4);
    await volume.seal();
    let recorded: Promise<unknown> | undefined;
    disk.interfere = (operation, path) => {
      const hit = operation === "datasync" && path.endsWith("volume.log");
      if (!hit || recorded !== undefined) return;
      recorded = volume.recordReceipt(segment(2), "{}", 5).catch(String);
      throw Object.assign(new Error("EIO: simulated"), { code: "EIO" });
    };
    // A segment that is full seals itself, beside the queue in which receipts wait.
    const { data } = dataOut([blockBytes(6, 6000), blockBytes(7, 6000)], () => 0.999);
    await volume.writeBlocks(data, 6000);
    await expect.poll(() => recorded !== undefined).toBe(true);
    expect(await recorded).toContain("EIO");
    expect(volume.segment(segment(2))?.state).toBe("sealed");
  });
  it("an eviction → refused, the file stays", async () => {
    const { disk, volume } = await failed();
    expect(await volume.evict(segment(1))).toBe(false);
    expect(volume.segment(segment(1))?.state).toBe("uploaded");
    expect(disk.contentOf(`${directory}/00000001.segment`).length).toBeGreaterThan(0);
  });
});

/** `dropped` happens while segment 2 is on its way back; gives the files of the volume after that. */
const recalledWhile = async (dropped: (volume: Volume) => Promise<unknown>) => {
  const { disk, volume, ports, events } = await uploaded(2);
  await volume.evict(segment(2));
  const recall = ports.recall.bind(ports);
  ports.recall = async (one) => {
    await dropped(volume);
    // As the store's client does it, also into a folder that was removed meanwhile.
    await disk.mkdir(directory);
    await recall(one);
  };
  await volume.recall(segment(2));
  return { disk, volume, events };
};

describe("a recall of what is dropped meanwhile", () => {
  it("an erasure before it → its file goes again, and nobody is told it is here", async () => {
    const { disk, volume, events } = await recalledWhile(async (one) => {
      await one.locate(1);
      await one.erase();
    });
    expect(await disk.readdir(directory)).toEqual(["00000001.segment"]);
    expect(volume.segment(segment(2))).toBeUndefined();
    expect(events.map((event) => event.type)).not.toContain("recalled");
  });
  it("a new generation → its file goes again, the new segment of that number stays", async () => {
    const { disk, volume, events } = await recalledWhile(async (one) => {
      await one.locate(0);
      for (let count = 0; count < 2; count += 1) {
        await one.writeBlocks(dataOut([blockBytes(9, 100)], () => 0.999).data, 100);
        await one.seal();
      }
    });
    expect(volume.generation).toBe(2);
    expect(events.map((event) => event.type)).not.toContain("recalled");
    expect(await disk.readdir(directory)).toEqual([]);
    expect(await disk.readdir(`${root}/RHS001L8/g2/p0`)).toEqual([
      "00000001.segment",
      "00000002.segment",
    ]);
  });
});

describe("a recall that takes its time", () => {
  it("the host gives its wait up → told so, the position as it was; the recall goes on and serves the next read", async () => {
    const { volume, ports } = await uploaded(2);
    await volume.evict(segment(1));
    await volume.locate(0);
    const recall = ports.recall.bind(ports);
    const slow = Promise.withResolvers<void>();
    ports.recall = async (wanted) => {
      await slow.promise;
      await recall(wanted);
    };
    const waiting = volume.read(100);
    await new Promise((resolve) => setImmediate(resolve));
    volume.giveUpRecall();
    expect(await waiting).toMatchObject({ kind: "fault", fault: "recall", givenUp: true });
    expect(volume.position.objectNumber).toBe(0);
    expect(volume.segment(segment(1))?.state).toBe("recalling");
    slow.resolve();
    const read = await volume.read(100);
    expect(read.kind).toBe("block");
    if (read.kind === "block") read.data.release();
  });
  it("nobody waits → nothing happens", async () => {
    const { volume } = await uploaded(1);
    volume.giveUpRecall();
    await volume.locate(0);
    const read = await volume.read(100);
    expect(read.kind).toBe("block");
    if (read.kind === "block") read.data.release();
  });
});
