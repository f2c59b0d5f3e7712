import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTurns } from "./turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("many that wait, some again and again → one at a time, each in its order, and nothing for a while between", () => {
  const turns = createTurns();
  const served: string[] = [];
  const perMs: number[] = [];
  const work = (name: string, rounds: number): void => {
    served.push(name);
    if (rounds > 1) turns.await(() => work(name, rounds - 1));
  };
  for (const name of ["a", "b", "c"]) turns.await(() => work(name, 2));
  for (let ms = 0; ms < 40; ms++) {
    const before = served.length;
    vi.advanceTimersByTime(1);
    perMs.push(served.length - before);
  }
  expect(served.join("")).toBe("abcabc");
  expect(Math.max(...perMs)).toBe(1);
  expect(perMs.filter((count) => count === 0)).toHaveLength(34);
});

test("nobody waits → no timer is left", () => {
  const turns = createTurns();
  turns.await(() => undefined);
  vi.runAllTimers();
  expect(vi.getTimerCount()).toBe(0);
});
