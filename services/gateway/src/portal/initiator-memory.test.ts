import { expect, test } from "vitest";
import { createInitiatorMemory } from "./initiator-memory.ts";
import { createSlabPool } from "./slab-pool.ts";

const initiator = "iqn.2026-11.org.example:backup";

test("much memory free → 32 commands; as it is taken → fewer, never none", () => {
  const pool = createSlabPool(100);
  const memory = createInitiatorMemory(pool, { slabsPerInitiatorMax: 1000 });
  expect(memory.commandWindow(initiator)).toBe(32);
  const budget = pool.budget(200);
  for (let count = 0; count < 80; count++) budget.acquire();
  expect(memory.commandWindow(initiator)).toBe(10);
  for (let count = 0; count < 30; count++) budget.acquire();
  expect(memory.commandWindow(initiator)).toBe(1);
});

test("several at work → what is free is shared among them; an idle connection does not count", () => {
  const pool = createSlabPool(100);
  const memory = createInitiatorMemory(pool, { slabsPerInitiatorMax: 1000 });
  const busy = [pool.budget(80), pool.budget(80)];
  for (const budget of busy) for (let count = 0; count < 10; count++) budget.acquire();
  pool.budget(80).acquire();
  expect(memory.commandWindow(initiator)).toBe(Math.floor((100 - 21) / 2 / 2));
});

test("one initiator that holds much → its own window closes, another's does not", () => {
  const pool = createSlabPool(1000);
  const memory = createInitiatorMemory(pool, { slabsPerInitiatorMax: 40 });
  const budget = pool.budget(80);
  budget.join(memory.group(initiator));
  for (let count = 0; count < 38; count++) budget.acquire();
  expect(memory.commandWindow(initiator)).toBe(1);
  expect(memory.commandWindow("another")).toBe(20);
});

test("a budget past its floor → waits for its group's or the pool's memory; below it, it does not", () => {
  const pool = createSlabPool(60);
  const group = { slabsMax: 30, heldCount: 0 };
  const [first, second] = [pool.budget(80), pool.budget(80)];
  first.join(group);
  second.join(group);
  const held = Array.from({ length: 26 }, () => first.acquire());
  expect(first.available).toBe(true);
  Array.from({ length: 10 }, () => second.acquire());
  expect(group.heldCount).toBe(36);
  expect([first.available, second.available]).toEqual([false, true]);
  let told = 0;
  first.onFree(() => told++);
  held.pop()?.release();
  expect(told).toBe(0);
  for (let count = 0; count < 3; count++) held.pop()?.release();
  expect(told).toBe(1);
});
