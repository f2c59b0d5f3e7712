/** What a volume does when the disk is full, fails, or gives back other bytes than it got. */
import { describe, expect, it } from "vitest";
import { CrashDisk } from "./testing-crash-disk.ts";
import { blockBytes, bytesOf, dataOut, testPorts } from "./testing-model.ts";
import { Volume } from "./volume.ts";

const root = "/media";
const made = {
  barcode: "RHS001L8",
  capacityBytes: 1e9,
  worm: false,
  pool: null,
  createdAt: "2026-11-22T00:00:00Z",
};
const segment = (number: number) => ({ generation: 1, partition: 0, number });
const options = { segmentBytesMax: 16 * 1024, stagedBytesMax: 4096 };

const setUp = async () => {
  const disk = new CrashDisk();
  await disk.mkdir(root);
  const outside = testPorts(() => disk, root);
  const volume = await Volume.create(disk, root, made, outside.ports, options);
  const write = (id: number, length = 1000) => {
    const { data, state } = dataOut([blockBytes(id, length)], () => 0.999);
    return { result: volume.writeBlocks(data, length), state };
  };
  return { disk, volume, write, ...outside };
};

const fail = (disk: CrashDisk, operation: string, code: string, where = ""): void => {
  disk.interfere = (name, path) => {
    if (name !== operation || !path.includes(where)) return;
    throw Object.assign(new Error(`${code}: simulated`), { code });
  };
};

const ids = async (volume: Volume, count: number): Promise<number[]> => {
  const found: number[] = [];
  await volume.locate(0);
  for (;;) {
    const result = await volume.read(1 << 20);
    if (result.kind !== "block") return found;
    const bytes = bytesOf(result.data);
    const known = Array.from({ length: count }, (_, at) => at + 1);
    found.push(known.find((id) => bytes.equals(blockBytes(id, bytes.length))) ?? -1);
    result.data.release();
  }
};

const evicted = async () => {
  const all = await setUp();
  await all.write(1).result;
  await all.volume.seal();
  const description = all.volume.segment(segment(1));
  if (description !== undefined) all.store(description);
  await all.volume.recordReceipt(segment(1), "{}", 5);
  expect(await all.volume.evict(segment(1))).toBe(true);
  return all;
};

const tornAt = async (cut: (file: Buffer) => Buffer) => {
  const { disk, volume, write, ports } = await setUp();
  for (const id of [1, 2, 3]) await write(id).result;
  await volume.close();
  const path = `${root}/RHS001L8/g1/p0/00000001.segment`;
  const torn = cut(Buffer.from(disk.contentOf(path)));
  const file = await disk.open(path, "create");
  await file.writev([torn], 0);
  return { ...(await Volume.open(disk, root, made.barcode, ports, options)), disk, path };
};

describe("a full disk", () => {
  it.each(["open", "writev"])(
    "ENOSPC at %s → fault full, nothing lost, goes on when there is room",
    async (operation) => {
      const { disk, volume, write } = await setUp();
      fail(disk, operation, "ENOSPC", ".segment");
      const first = write(1);
      expect(first.result).toEqual({ kind: "written" });
      expect(await volume.synchronize()).toMatchObject({ kind: "fault", fault: "full" });
      const second = write(2);
      expect(await second.result).toMatchObject({ kind: "fault", fault: "full" });
      expect(second.state.released).toBe(1);
      expect(first.state.released).toBe(0);
      disk.interfere = () => undefined;
      expect(await write(3).result).toEqual({ kind: "written" });
      expect(await volume.synchronize()).toEqual({ kind: "written" });
      expect(first.state.released).toBe(1);
      expect(await ids(volume, 3)).toEqual([1, 3]);
    },
  );
  it("ENOSPC at the row of a sealed segment → sealed when there is room", async () => {
    const { disk, volume, write, events } = await setUp();
    await write(1).result;
    await volume.synchronize();
    fail(disk, "writev", "ENOSPC", "volume.log");
    expect(await volume.seal()).toMatchObject({ kind: "fault", fault: "full" });
    expect(events).toEqual([]);
    disk.interfere = () => undefined;
    expect(await volume.synchronize()).toEqual({ kind: "written" });
    expect(events.map((event) => event.type)).toEqual(["sealed"]);
    expect(await ids(volume, 1)).toEqual([1]);
  });
  it("the cache admits nothing → fault full, position unchanged", async () => {
    const { volume, ports, write } = await setUp();
    ports.admit = () => Promise.resolve(false);
    expect(await write(1).result).toMatchObject({ kind: "fault", fault: "full" });
    expect(volume.position.objectNumber).toBe(0);
  });
  it("an overwrite with no room for its row → fault full, the old data stays", async () => {
    const { disk, volume, write } = await setUp();
    for (const id of [1, 2, 3]) await write(id).result;
    await volume.synchronize();
    await volume.locate(1);
    fail(disk, "writev", "ENOSPC", "volume.log");
    expect(await write(4).result).toMatchObject({ kind: "fault", fault: "full" });
    disk.interfere = () => undefined;
    expect(await ids(volume, 3)).toEqual([1, 2, 3]);
  });
});

describe("a failing disk", () => {
  it.each(["writev", "datasync"])(
    "EIO at %s → fault write from then on, until opened anew",
    async (operation) => {
      const { disk, volume, write, ports } = await setUp();
      await write(1).result;
      expect(await volume.synchronize()).toEqual({ kind: "written" });
      fail(disk, operation, "EIO", ".segment");
      const lost = write(2);
      expect(await volume.synchronize()).toMatchObject({ kind: "fault", fault: "write" });
      disk.interfere = () => undefined;
      expect(await volume.synchronize()).toMatchObject({ kind: "fault", fault: "write" });
      expect(await write(3).result).toMatchObject({ kind: "fault", fault: "write" });
      expect(await volume.writeFilemarks(0)).toMatchObject({ kind: "fault", fault: "write" });
      expect(volume.failedWrite).toContain("EIO");
      expect(lost.state.released).toBe(1);
      await volume.close();
      const again = await Volume.open(disk, root, made.barcode, ports, options);
      expect((await ids(again.volume, 3))[0]).toBe(1);
      expect(again.volume.failedWrite).toBeUndefined();
    },
  );
  it("EIO while the answer waits for room → fault write for that very write", async () => {
    const { disk, write } = await setUp();
    fail(disk, "writev", "EIO", ".segment");
    expect(await write(1, 8000).result).toMatchObject({ kind: "fault", fault: "write" });
  });
  it("EIO while reading → fault read, position unchanged, the next try reads", async () => {
    const { disk, volume, write } = await setUp();
    await write(1).result;
    await volume.synchronize();
    await volume.locate(0);
    fail(disk, "read", "EIO", ".segment");
    expect(await volume.read(1000)).toMatchObject({ kind: "fault", fault: "read" });
    expect(volume.position.objectNumber).toBe(0);
    disk.interfere = () => undefined;
    expect(await ids(volume, 1)).toEqual([1]);
  });
  it.each([
    [170, "a payload byte"],
    [130, "a header byte"],
  ])(
    "byte %i is another (%s) → fault read, position unchanged; blocks behind it are read",
    async (at) => {
      const { disk, volume, write } = await setUp();
      for (const id of [1, 2]) await write(id).result;
      await volume.synchronize();
      const file = disk.contentOf(`${root}/RHS001L8/g1/p0/00000001.segment`);
      file.writeUInt8(file.readUInt8(at) ^ 1, at);
      await volume.locate(0);
      expect(await volume.read(1000)).toMatchObject({ kind: "fault", fault: "read" });
      expect(volume.position.objectNumber).toBe(0);
      await volume.locate(1);
      expect((await volume.read(1000)).kind).toBe("block");
    },
  );
  it("a sealed segment that is not what was written → no digest for the uploader", async () => {
    const { disk, volume, write } = await setUp();
    await write(1).result;
    await volume.seal();
    const file = disk.contentOf(`${root}/RHS001L8/g1/p0/00000001.segment`);
    file.writeUInt8(file.readUInt8(200) ^ 1, 200);
    await expect(volume.describeSegment(segment(1))).rejects.toThrow(/not what was written/);
  });
});

describe("the vault", () => {
  it("no receipt → never evicted", async () => {
    const { volume, write } = await setUp();
    await write(1).result;
    expect(await volume.evict(segment(1))).toBe(false);
    await volume.seal();
    expect(await volume.evict(segment(1))).toBe(false);
  });
  it("a segment that is being read → not evicted", async () => {
    const { volume, write } = await setUp();
    for (const id of [1, 2]) await write(id).result;
    await volume.seal();
    await volume.recordReceipt(segment(1), "{}", 5);
    await volume.locate(0);
    const result = await volume.read(1000);
    if (result.kind === "block") result.data.release();
    expect(await volume.evict(segment(1))).toBe(false);
  });
  it("an evicted segment is read → recalled once, then here", async () => {
    const { volume, events, ports } = await evicted();
    let recalls = 0;
    const recall = ports.recall.bind(ports);
    ports.recall = (one) => {
      recalls += 1;
      return recall(one);
    };
    expect(volume.segment(segment(1))?.state).toBe("evicted");
    expect(await ids(volume, 1)).toEqual([1]);
    expect(await ids(volume, 1)).toEqual([1]);
    expect(recalls).toBe(1);
    expect(volume.segment(segment(1))?.state).toBe("uploaded");
    expect(events.map((event) => event.type)).toEqual([
      "sealed",
      "uploaded",
      "evicted",
      "recalled",
    ]);
  });
});

describe("reading ahead", () => {
  it("an evicted segment is fetched ahead → here, without being read", async () => {
    const { volume, events } = await evicted();
    expect(await volume.recall(segment(1))).toBeUndefined();
    expect(volume.segment(segment(1))?.state).toBe("uploaded");
    expect(events.at(-1)?.type).toBe("recalled");
    expect(await volume.evict(segment(1))).toBe(true);
  });
  it("reading on towards an evicted segment → asked for ahead, once", async () => {
    const { volume, ports, write, store } = await evicted();
    const asked: number[] = [];
    ports.recallAhead = (segments) => asked.push(...segments.map((one) => one.number));
    volume.spaceEndOfData();
    for (const id of [2, 3]) {
      await write(id).result;
      await volume.seal();
    }
    const last = volume.segment(segment(3));
    if (last !== undefined) store(last);
    await volume.recordReceipt(segment(3), "{}", 5);
    expect(await volume.evict(segment(3))).toBe(true);
    expect(await ids(volume, 3)).toEqual([1, 2, 3]);
    expect(asked).toEqual([3]);
  });
});

describe("the vault, missing something", () => {
  it("the vault does not have it → fault recall, and another try later", async () => {
    const { volume, vault } = await evicted();
    const [bytes] = vault.values();
    vault.clear();
    await volume.locate(0);
    expect(await volume.read(1000)).toMatchObject({ kind: "fault", fault: "recall" });
    expect(volume.segment(segment(1))?.state).toBe("evicted");
    if (bytes !== undefined) vault.set("RHS001L8/g1/p0/00000001.segment", bytes);
    expect(await ids(volume, 1)).toEqual([1]);
  });
});

describe("what is no longer there", () => {
  it("a sealed file without a receipt is taken away → lost, said at opening and at reading", async () => {
    const { disk, volume, write, ports } = await setUp();
    await write(1).result;
    await volume.seal();
    await volume.close();
    await disk.unlink(`${root}/RHS001L8/g1/p0/00000001.segment`);
    const again = await Volume.open(disk, root, made.barcode, ports, options);
    expect(again.repaired.segmentsLost).toEqual([{ partition: 0, number: 1 }]);
    expect(await again.volume.read(10)).toMatchObject({ kind: "fault", fault: "read" });
  });
  it("a receipt for a generation that is gone → refused", async () => {
    const { volume, write } = await setUp();
    await write(1).result;
    await volume.seal();
    await volume.locate(0);
    await write(2).result;
    await volume.seal();
    expect(volume.generation).toBe(2);
    expect(await volume.recordReceipt(segment(1), "{}", 5)).toBe(false);
    expect(await volume.recordReceipt({ ...segment(1), generation: 2 }, "{}", 5)).toBe(true);
  });
});

describe("a torn tail", () => {
  const ends = [128, 1160, 2192] as const;

  it("the last record is short → cut there, and said", async () => {
    const { volume, repaired } = await tornAt((file) => file.subarray(0, ends[2] + 500));
    expect(repaired.cuts).toEqual([{ partition: 0, number: 1, atByte: ends[2], bytes: 500 }]);
    expect(await ids(volume, 3)).toEqual([1, 2]);
  });
  it("a record in the middle is rotten → cut there, as nothing behind it joins on", async () => {
    const { volume, repaired } = await tornAt((file) => file.fill(0, ends[1] + 40, ends[1] + 60));
    expect(repaired.cuts).toEqual([{ partition: 0, number: 1, atByte: ends[1], bytes: 2064 }]);
    expect(await ids(volume, 3)).toEqual([1]);
  });
  it("zeroes behind the last record → cut", async () => {
    const { volume, disk, path } = await tornAt((file) =>
      Buffer.concat([file, Buffer.alloc(5000)]),
    );
    expect(disk.contentOf(path).length).toBe(ends[2] + 1032);
    expect(await ids(volume, 3)).toEqual([1, 2, 3]);
  });
  it("not even the header is whole → the segment goes, and its number is not used again", async () => {
    const { volume, repaired } = await tornAt((file) => file.subarray(0, 100));
    expect(repaired.segmentsDropped).toEqual([{ partition: 0, number: 1 }]);
    expect(repaired.filesRemoved).toEqual(["00000001.segment"]);
    const { data } = dataOut([blockBytes(2, 10)], () => 0);
    await volume.writeBlocks(data, 10);
    expect([...volume.segments()].map((one) => one.number)).toEqual([2]);
  });
});
