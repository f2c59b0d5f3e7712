import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("many that wait, some again and again → one a turn of the event loop, each in its order", async () => {
  const turns = createTurns();
  const served: string[] = [];
  const perTurn: number[] = [];
  const work = (name: string, rounds: number): void => {
    served.push(name);
    if (rounds > 1) turns.await(() => work(name, rounds - 1));
  };
  for (const name of ["a", "b", "c"]) turns.await(() => work(name, 2));
  for (let turn = 0; turn < 8; turn++) {
    const before = served.length;
    await new Promise((resolve) => setImmediate(resolve));
    perTurn.push(served.length - before);
  }
  expect(served.join("")).toBe("abcabc");
  expect(Math.max(...perTurn)).toBe(1);
});
