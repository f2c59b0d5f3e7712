/** Which failures of a recall are tried again, and for how long. */
import { VaultError } from "@reelhouse/vault";
import { expect, test } from "vitest";
import { patienceMs, recallPatience } from "./recall-patience.ts";

const away = new VaultError("STORE_UNAVAILABLE");
const damage = new VaultError("OBJECT_DAMAGED");

const pausesAfter = (...errors: readonly unknown[]) => {
  const pauseAfter = recallPatience();
  return errors.map((error) => pauseAfter(error, 0));
};

test("a store that does not answer → again, with longer and longer pauses", () => {
  expect(pausesAfter(away, away, away, away, away, away, away)).toEqual([
    200, 400, 800, 1600, 3200, 5000, 5000,
  ]);
});

test("patience at its end → no more", () => {
  expect(recallPatience()(away, patienceMs - 200)).toBe(200);
  expect(recallPatience()(away, patienceMs - 199)).toBeUndefined();
});

test("bytes that do not authenticate → twice more, then they are damaged in the store", () => {
  expect(pausesAfter(damage, damage, damage)).toEqual([200, 400, undefined]);
});

test("damage after the store was away → its own tries are still there", () => {
  expect(pausesAfter(away, away, damage, damage, damage)).toEqual([200, 400, 800, 1600, undefined]);
});

test("what no waiting mends → not again", () => {
  for (const code of ["STORE_NOT_FOUND", "KEY_DISABLED", "STORE_ACCESS_DENIED"] as const)
    expect(recallPatience()(new VaultError(code), 0)).toBeUndefined();
  expect(recallPatience()(new Error("ENOSPC"), 0)).toBeUndefined();
});
