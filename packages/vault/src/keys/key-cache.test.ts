import { expect, it, vi } from "vitest";
import { createKeyCache } from "./key-cache.ts";

const setUp = () => {
  const clock = { nowMs: 0 };
  const cache = createKeyCache({ entriesMax: 2, ttlMs: 100, now: () => clock.nowMs });
  return { clock, cache };
};
const KEY = Buffer.alloc(32, 7);

it("a key within its time → a copy that the caller may zero", () => {
  const { cache } = setUp();
  cache.set("a", KEY);
  cache.get("a")?.fill(0);
  expect(cache.get("a")).toEqual(KEY);
});

it("past its time → gone, by asking or by sweeping", () => {
  const { clock, cache } = setUp();
  cache.set("a", KEY);
  cache.set("b", KEY);
  clock.nowMs = 100;
  expect(cache.get("a")).toBeUndefined();
  expect(cache.entryCount).toBe(1);
  cache.sweep();
  expect(cache.entryCount).toBe(0);
});

it("one too many → the least recently used goes", () => {
  const { cache } = setUp();
  cache.set("a", KEY);
  cache.set("b", KEY);
  cache.get("a");
  cache.set("c", KEY);
  expect(cache.get("b")).toBeUndefined();
  expect(cache.get("a")).toEqual(KEY);
});

it("cleared → nothing is left, and the buffer it held is zeroed", () => {
  const { cache } = setUp();
  const copies = vi.spyOn(Buffer, "from");
  cache.set("a", KEY);
  const held = copies.mock.results[0]?.value;
  copies.mockRestore();
  expect(held).toEqual(KEY);
  cache.clear();
  expect(held).toEqual(Buffer.alloc(KEY.length));
  expect(cache.entryCount).toBe(0);
});
