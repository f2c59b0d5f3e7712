/** volume.json or the log cannot be replaced: one call fails and all is as before, unless it is unknown which counts. */
import { describe, expect, it } from "vitest";
import { logCompactBytesMin } from "./limits.ts";
import type { CrashDisk } from "./testing-crash-disk.ts";
import { contentOf, openOn, reopened, root, testVolume, writeBlock } from "./testing-volume.ts";

const attributeText = (text: string) => [
  { identifier: 1, format: 1 as const, value: Buffer.from(text, "latin1") },
];
const written = { kind: "written" };
const failing = (disk: CrashDisk, operation: string, where: string, code = "EIO"): void => {
  disk.interfere = (name, path) => {
    if (name !== operation || !path.includes(where)) return;
    throw Object.assign(new Error(`${code}: simulated`), { code });
  };
};
const working = (disk: CrashDisk): void => {
  disk.interfere = () => undefined;
};

/** A volume with a block and an attribute, both stored. */
const setUp = async () => {
  const test = await testVolume();
  await writeBlock(test.volume, 1, 100);
  await test.volume.synchronize();
  expect(await test.volume.writeAttributes(0, attributeText("old"))).toEqual(written);
  return test;
};
type Test = Awaited<ReturnType<typeof setUp>>;

const isAsBefore = async (test: Test): Promise<void> => {
  expect(test.volume.failedWrite).toBeUndefined();
  expect(test.volume.generation).toBe(1);
  await writeBlock(test.volume, 2, 100);
  const { volume } = await reopened(test);
  expect(await contentOf(volume, 0)).toBe("1 2");
  expect(volume.attributes(0)).toEqual(attributeText("old"));
};

const before = [
  ["open", "volume.json.tmp", "EIO"],
  ["writev", "volume.json.tmp", "EIO"],
  ["datasync", "volume.json.tmp", "EIO"],
  ["rename", "volume.json.tmp", "EACCES"],
] as const;

describe("before the rename", () => {
  it.each(before)(
    "attributes, %s of %s fails → fault write of that call, all as before, and the next goes",
    async (operation, where, code) => {
      const test = await setUp();
      failing(test.disk, operation, where, code);
      expect(await test.volume.writeAttributes(0, attributeText("new"))).toMatchObject({
        fault: "write",
      });
      working(test.disk);
      expect(await test.volume.writeAttributes(0, attributeText("old"))).toEqual(written);
      await isAsBefore(test);
    },
  );
  it.each([...before, ["mkdir", "/g2", "EIO"], ["datasync", "/g2/volume.log", "EIO"]] as const)(
    "a format and an overwrite at BOP, %s of %s fails → fault write of each, all as before",
    async (operation, where, code) => {
      const test = await setUp();
      failing(test.disk, operation, where, code);
      expect(await test.volume.format([5e8, 5e8])).toMatchObject({ fault: "write" });
      await test.volume.locate(0);
      expect(await test.volume.erase()).toMatchObject({ fault: "write" });
      working(test.disk);
      expect(test.events.map(({ type }) => type)).toEqual(["attributes"]);
      test.volume.spaceEndOfData();
      await isAsBefore(test);
    },
  );
  it("a format fails and is tried again → a new generation, empty", async () => {
    const test = await setUp();
    failing(test.disk, "writev", "volume.json.tmp");
    await test.volume.format([5e8, 5e8]);
    working(test.disk);
    expect(await test.volume.format([5e8, 5e8])).toEqual(written);
    const { volume } = await reopened(test);
    expect([volume.generation, volume.partitions.length]).toEqual([2, 2]);
  });
});

describe("it is unknown whether the new file counts", () => {
  it.each([
    ["rename", "volume.json.tmp", "EIO"],
    ["syncDirectory", root, "EIO"],
    ["syncDirectory", root, "ENOSPC"],
  ] as const)(
    "attributes, %s of %s fails with %s → fault write until opened anew",
    async (operation, where, code) => {
      const test = await setUp();
      failing(test.disk, operation, where, code);
      const unknown = await test.volume.writeAttributes(0, attributeText("new"));
      expect(unknown).toMatchObject({ fault: "write" });
      working(test.disk);
      expect(test.volume.failedWrite).toContain("old or new");
      expect(await test.volume.writeAttributes(0, [])).toMatchObject({ fault: "write" });
      expect((await openOn(test.disk)).failedWrite).toBeUndefined();
    },
  );
  it("a format whose volume.json may have been renamed → fault write, its folder stays for it", async () => {
    const test = await setUp();
    test.disk.interfere = (name, path) => {
      if (name !== "rename" || !path.includes("volume.json")) return;
      failing(test.disk, "syncDirectory", root);
    };
    expect(await test.volume.format([5e8, 5e8])).toMatchObject({ fault: "write" });
    working(test.disk);
    expect(test.volume.failedWrite).toContain("old or new");
    expect((await openOn(test.disk)).partitions).toHaveLength(2);
  });
});

describe("the log's compaction", () => {
  const segment = { generation: 1, partition: 0, number: 1 };
  const sealedAndGrown = async () => {
    const test = await setUp();
    await test.volume.seal();
    const receipt = JSON.stringify("x".repeat(logCompactBytesMin / 4));
    for (let count = 0; count < 6; count += 1) await test.volume.recordReceipt(segment, receipt, 1);
    await writeBlock(test.volume, 2, 100);
    return test;
  };

  it("fails before the rename → sealed and written on, the old log holds", async () => {
    const test = await sealedAndGrown();
    failing(test.disk, "writev", "volume.log.tmp");
    expect(await test.volume.seal()).toEqual(written);
    working(test.disk);
    expect(test.volume.failedWrite).toBeUndefined();
    await writeBlock(test.volume, 3, 100);
    expect(await contentOf((await reopened(test)).volume, 0)).toBe("1 2 3");
  });
  it("fails at the folder's sync → fault write until opened anew", async () => {
    const test = await sealedAndGrown();
    test.disk.interfere = (name, path) => {
      if (name !== "rename" || !path.includes("volume.log")) return;
      failing(test.disk, "syncDirectory", "/g1");
    };
    await test.volume.seal();
    expect(test.volume.failedWrite).toContain("compaction");
  });
});
