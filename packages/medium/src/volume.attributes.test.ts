/** Medium auxiliary memory: kept with the volume whatever becomes of its data, and replaced whole or not at all. */
import { describe, expect, it } from "vitest";
import { attributeBytesMax } from "./limits.ts";
import { reopened, testVolume, writeBlock } from "./testing-volume.ts";
import type { Volume } from "./volume.ts";

const attribute = (identifier: number, text: string) => ({
  identifier,
  format: 1 as const,
  value: Buffer.from(text, "latin1"),
});
const textsOf = (volume: Volume, partition = 0): string =>
  volume
    .attributes(partition)
    .map(({ identifier, value }) => `${identifier}=${Buffer.from(value).toString("latin1")}`)
    .join(" ");
const written = { kind: "written" };

describe("attributes", () => {
  it("some written → in order of identifier, by partition, also when opened again", async () => {
    const test = await testVolume();
    await test.volume.format([1e8, 1e8]);
    expect(textsOf(test.volume)).toBe("");
    const two = [attribute(0x0803, "b"), attribute(0x0800, "a")];
    expect(await test.volume.writeAttributes(0, two)).toEqual(written);
    expect(await test.volume.writeAttributes(1, [attribute(0x080c, "c")])).toEqual(written);
    const { volume } = await reopened(test);
    expect(textsOf(volume, 0)).toBe("2048=a 2051=b");
    expect(textsOf(volume, 1)).toBe("2060=c");
    expect(volume.attributes(0)[0]).toEqual(attribute(0x0800, "a"));
    expect(volume.describe().attributes).toEqual([
      { partition: 0, identifier: 0x0800, format: 1, value: "YQ==" },
      { partition: 0, identifier: 0x0803, format: 1, value: "Yg==" },
      { partition: 1, identifier: 0x080c, format: 1, value: "Yw==" },
    ]);
  });
  it("one again, and one with an empty value → replaced, and removed; told each time", async () => {
    const { volume, events } = await testVolume();
    await volume.writeAttributes(0, [attribute(1, "a"), attribute(2, "b")]);
    await volume.writeAttributes(0, [attribute(1, "c"), attribute(2, "")]);
    expect(textsOf(volume)).toBe("1=c");
    expect(events).toEqual([
      { type: "attributes", identifiers: [1, 2] },
      { type: "attributes", identifiers: [1, 2] },
    ]);
  });
  it("overwritten and erased → they stay", async () => {
    const test = await testVolume();
    await test.volume.writeAttributes(0, [attribute(1, "a")]);
    await writeBlock(test.volume, 1, 100);
    await test.volume.locate(0);
    await writeBlock(test.volume, 2, 100);
    await test.volume.locate(0);
    await test.volume.erase();
    expect(textsOf((await reopened(test)).volume)).toBe("1=a");
  });
  it("formatted to fewer partitions → those of the partitions that are left", async () => {
    const test = await testVolume();
    await test.volume.format([1e8, 1e8]);
    await test.volume.writeAttributes(0, [attribute(1, "a")]);
    await test.volume.writeAttributes(1, [attribute(1, "b")]);
    await test.volume.format([1e8]);
    await test.volume.format([1e8, 1e8]);
    const { volume } = await reopened(test);
    expect([textsOf(volume, 0), textsOf(volume, 1)]).toEqual(["1=a", ""]);
  });
});

describe("attributes that cannot be kept", () => {
  it("more than 64 KiB in all → fault full, and all as before", async () => {
    const { volume } = await testVolume();
    const half = attribute(1, "x".repeat(attributeBytesMax / 2 - 5));
    expect(await volume.writeAttributes(0, [half, { ...half, identifier: 2 }])).toEqual(written);
    const more = await volume.writeAttributes(0, [
      attribute(1, "y"),
      attribute(3, "z".repeat(40_000)),
    ]);
    expect(more).toMatchObject({ kind: "fault", fault: "full" });
    expect(volume.attributes(0)).toEqual([half, { ...half, identifier: 2 }]);
    expect(volume.failedWrite).toBeUndefined();
  });
  it("the disk is full → fault full; it fails → fault write; both times all is as before", async () => {
    const { disk, volume } = await testVolume();
    const failing = (code: string) => {
      disk.interfere = (operation, path) => {
        if (operation === "writev" && path.includes("volume.json"))
          throw Object.assign(new Error(code), { code });
      };
      return volume.writeAttributes(0, [attribute(1, "a")]);
    };
    expect(await failing("ENOSPC")).toMatchObject({ fault: "full" });
    expect(volume.failedWrite).toBeUndefined();
    expect(await failing("EIO")).toMatchObject({ fault: "write" });
    expect(volume.failedWrite).toBeUndefined();
    expect(textsOf(volume)).toBe("");
  });
});
