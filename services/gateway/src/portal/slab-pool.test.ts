import { expect, test } from "vitest";
import { createSlabPool, slabBytes } from "./slab-pool.ts";

test("a slab all holders released → is handed out again, not made anew", () => {
  const pool = createSlabPool();
  const first = pool.acquire();
  first.retain();
  first.release();
  expect(pool.heldCount).toBe(1);
  first.release();
  expect(pool.heldCount).toBe(0);
  expect(pool.acquire().bytes).toBe(first.bytes);
});

test("a slab somebody holds → is never handed out a second time", () => {
  const pool = createSlabPool();
  const slabs = Array.from({ length: 5 }, () => pool.acquire());
  expect(new Set(slabs.map((slab) => slab.bytes)).size).toBe(5);
  expect(slabs.every((slab) => slab.bytes.length === slabBytes)).toBe(true);
});

test("a release too many → stops the process instead of sharing memory", () => {
  const slab = createSlabPool().acquire();
  slab.release();
  expect(() => slab.release()).toThrow(/more often/);
  expect(() => slab.retain()).toThrow(/nobody holds/);
});

test("a budget that is spent → is not available until a slab of it comes back", () => {
  const pool = createSlabPool();
  const budget = pool.budget(2);
  const first = budget.acquire();
  budget.acquire();
  expect(budget.available).toBe(false);
  let told = 0;
  budget.onFree(() => told++);
  pool.acquire().release();
  expect(told).toBe(0);
  first.release();
  expect(told).toBe(1);
  expect(budget.available).toBe(true);
});
