import { expect, test } from "vitest";
import { admit, delayMsMax } from "./admission.ts";

test("below three quarters → at once", () => {
  expect(admit(0, 100)).toEqual({ kind: "admit", delayMs: 0 });
  expect(admit(75, 100)).toEqual({ kind: "admit", delayMs: 0 });
});

test("from there on → slower and slower, never faster", () => {
  const delays = Array.from({ length: 26 }, (_, index) => admit(75 + index, 100)).map((taken) =>
    taken.kind === "admit" ? taken.delayMs : Infinity,
  );
  expect(delays).toEqual([...delays].sort((left, right) => left - right));
  expect(delays.at(-1)).toBe(delayMsMax);
  expect(delays[1]).toBeGreaterThan(0);
});

test("past the budget → refused", () => {
  expect(admit(101, 100)).toEqual({ kind: "refuse" });
});
