/** Which failures of a recall are tried again, and for how long. */
import { VaultError } from "@reelhouse/vault";
import { expect, test } from "vitest";
import { patienceMs, pauseBeforeRetry } from "./recall-patience.ts";

const away = new VaultError("STORE_UNAVAILABLE");

test("a store that does not answer → again, with longer and longer pauses", () => {
  expect([1, 2, 3, 20].map((tries) => pauseBeforeRetry(away, tries, 0))).toEqual([
    200, 400, 800, 5000,
  ]);
});

test("patience at its end → no more", () => {
  expect(pauseBeforeRetry(away, 1, patienceMs - 200)).toBe(200);
  expect(pauseBeforeRetry(away, 1, patienceMs - 199)).toBeUndefined();
});

test("bytes that do not authenticate → twice more, then they are damaged in the store", () => {
  const damage = new VaultError("OBJECT_DAMAGED");
  expect([1, 2, 3].map((tries) => pauseBeforeRetry(damage, tries, 0))).toEqual([
    200,
    400,
    undefined,
  ]);
});

test("what no waiting mends → not again", () => {
  for (const code of ["STORE_NOT_FOUND", "KEY_DISABLED", "STORE_ACCESS_DENIED"] as const)
    expect(pauseBeforeRetry(new VaultError(code), 1, 0)).toBeUndefined();
  expect(pauseBeforeRetry(new Error("ENOSPC"), 1, 0)).toBeUndefined();
});
