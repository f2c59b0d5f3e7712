import { expect, test } from "vitest";
import { createInitiatorMemory } from "./initiator-memory.ts";
import { createSlabGroup, createSlabPool } from "./slab-pool.ts";

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
  for (const group of memory.groups(initiator, "192.0.2.1")) budget.join(group);
  for (let count = 0; count < 38; count++) budget.acquire();
  expect(memory.commandWindow(initiator)).toBe(1);
  expect(memory.commandWindow("another")).toBe(20);
});

test("a budget past its floor → waits for its group's or the pool's memory; below it, it does not", () => {
  const pool = createSlabPool(60);
  const group = createSlabGroup(30);
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

test("many sessions of one host that begin a block and stop → hold its share and four floors, and go on one after the other", () => {
  const pool = createSlabPool(512);
  const memory = createInitiatorMemory(pool, { slabsPerInitiatorMax: 320 });
  const sessions = Array.from({ length: 140 }, (_, index) => {
    const budget = pool.budget(80);
    // A name each: the address makes them one.
    for (const group of memory.groups(`${initiator}${index}`, "192.0.2.1")) budget.join(group);
    return { budget, held: [budget.acquire()] };
  });
  const done = new Set<unknown>();
  /** Each takes all it can get, a slab at a time, in turn. */
  const fill = (): void => {
    for (let got = true; got;) {
      got = false;
      for (const session of sessions) {
        const { budget, held } = session;
        if (done.has(session) || held.length >= 24 || !budget.available) continue;
        held.push(budget.acquire());
        got = true;
      }
    }
  };
  fill();
  expect(pool.heldCount).toBeLessThanOrEqual(320 + 4 * 24);
  const other = pool.budget(80);
  for (const group of memory.groups("another", "192.0.2.2")) other.join(group);
  for (let count = 0; count < 24; count++) {
    expect(other.available).toBe(true);
    other.acquire();
  }
  // Whose block is whole gives it back; all get their turn.
  for (let round = 0; round < 140; round++) {
    for (const session of sessions.filter(({ held }) => held.length >= 24)) {
      for (const slab of session.held.splice(1)) slab.release();
      done.add(session);
    }
    fill();
  }
  expect(done.size).toBe(140);
});
