/** Every cell of the drive's transition table, done through the drive. */
import { expect, test } from "vitest";
import { loadedDrive } from "../testing-initiator.ts";
import { FakeMedium } from "../testing-medium.ts";
import type { DriveEvent, DriveStateKind } from "./drive-state.ts";

type Bench = Awaited<ReturnType<typeof loadedDrive>>;

const bring: Readonly<Record<DriveStateKind, (bench: Bench) => unknown>> = {
  empty: ({ drive }) => drive.eject(),
  ready: () => undefined,
  unloaded: ({ host }) => host.tell("1b 00 00 00 00 00"),
  held: ({ host }) => host.tell("1b 00 00 00 08 00"),
};

const events: Readonly<Record<DriveEvent, (bench: Bench) => Promise<string>>> = {
  insert: async ({ drive }) => (await drive.load(new FakeMedium())).kind,
  remove: async ({ drive }) => (await drive.eject()).kind,
  load: ({ host }) => host.tell("1b 00 00 00 01 00"),
  unload: ({ host }) => host.tell("1b 00 00 00 00 00"),
  hold: ({ host }) => host.tell("1b 00 00 00 08 00"),
};

test.each([
  ["empty", "insert", "loaded", "ready"],
  ["empty", "remove", "refused", "empty"],
  ["empty", "load", "mediumNotPresent", "empty"],
  ["empty", "unload", "mediumNotPresent", "empty"],
  ["empty", "hold", "mediumNotPresent", "empty"],
  ["ready", "insert", "refused", "ready"],
  ["ready", "remove", "ejected", "empty"],
  ["ready", "load", "GOOD", "ready"],
  ["ready", "unload", "GOOD", "unloaded"],
  ["ready", "hold", "GOOD", "held"],
  ["unloaded", "insert", "refused", "unloaded"],
  ["unloaded", "remove", "ejected", "empty"],
  ["unloaded", "load", "GOOD", "ready"],
  ["unloaded", "unload", "GOOD", "unloaded"],
  ["unloaded", "hold", "GOOD", "held"],
  ["held", "insert", "refused", "held"],
  ["held", "remove", "ejected", "empty"],
  ["held", "load", "GOOD", "ready"],
  ["held", "unload", "GOOD", "unloaded"],
  ["held", "hold", "GOOD", "held"],
] as const)("%s, %s → %s, %s", async (state, event, told, next) => {
  const bench = await loadedDrive();
  await bring[state](bench);
  expect(bench.drive.state).toBe(state);
  expect(await events[event](bench)).toBe(told);
  expect(bench.drive.state).toBe(next);
});
