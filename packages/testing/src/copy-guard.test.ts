/** The guard can fail: each way to copy is seen, and what is no copy is not. */
import { expect, test } from "vitest";
import { countCopies, describeCopies } from "./copy-guard.ts";

const payload = Buffer.alloc(4096, 1);
const target = Buffer.alloc(8192);

const COPIES: readonly [string, () => unknown][] = [
  ["Buffer.concat", () => Buffer.concat([payload.subarray(0, 2048), payload.subarray(2048)])],
  ["Buffer.from", () => Buffer.from(payload)],
  ["Buffer.copyBytesFrom", () => Buffer.copyBytesFrom(payload)],
  ["buffer.copy", () => payload.copy(target, 100)],
  ["buffer.fill", () => target.fill(payload)],
  ["buffer.toString", () => payload.toString("latin1")],
  ["typedArray.set", () => target.set(payload, 10)],
  ["typedArray.slice", () => Uint8Array.prototype.slice.call(payload)],
  ["typedArray.copyWithin", () => payload.copyWithin(0, 1)],
  ["TypedArray.from", () => Uint8Array.from(payload)],
  ["arrayBuffer.slice", () => payload.buffer.slice(payload.byteOffset, payload.byteOffset + 4096)],
  ["textDecoder.decode", () => new TextDecoder("latin1").decode(payload)],
  ["structuredClone", () => structuredClone(payload)],
  ["new Uint8Array", () => new Uint8Array(payload)],
];

test.each(COPIES)("%s of 4096 bytes → counted once, with its place", async (operation, copy) => {
  const report = await countCopies(copy);
  expect(report.sites.map((site) => [site.operation, site.bytes])).toEqual([[operation, 4096]]);
  expect(report.copiedBytes).toBe(4096);
  expect(describeCopies(report)).toContain("copy-guard.test.ts");
});

test("views, allocation and short copies → nothing", async () => {
  const report = await countCopies(() => {
    Buffer.alloc(4096);
    Buffer.from(payload.buffer, payload.byteOffset, 4096);
    payload.copy(target, 0, 0, 255);
    return [payload.subarray(5), new Uint8Array(4096)];
  });
  expect(report.sites).toEqual([]);
});

test("a copy after an await → still counted", async () => {
  const report = await countCopies(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return Buffer.from(payload);
  });
  expect(report.copiedBytes).toBe(4096);
});

test("copies from a place that is excepted → not counted", async () => {
  const report = await countCopies(() => Buffer.from(payload), {
    exceptFrom: [/copy-guard\.test/],
  });
  expect(report.copiedBytes).toBe(0);
});

const callsInForce = (): unknown[] => [
  Reflect.get(Buffer, "concat"),
  Reflect.get(Buffer.prototype, "copy"),
  Reflect.get(Uint8Array.prototype, "set"),
  Uint8Array,
];

test("the function throws → every call is as it was", async () => {
  const before = callsInForce();
  let watched: unknown[] = [];
  const failing = countCopies(() => {
    watched = callsInForce();
    throw new Error("on purpose");
  });
  await expect(failing).rejects.toThrow(/on purpose/);
  expect(watched.map((call, index) => call === before[index])).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(callsInForce().every((call, index) => call === before[index])).toBe(true);
});

test("two guards at once → refused", async () => {
  const inner = countCopies(() => countCopies(() => 1));
  await expect(inner).rejects.toThrow(/already watching/);
});
