/** The CmdSN window, across the wrap of the serial number. */
import { expect, test } from "vitest";
import { CommandWindow } from "./command-window.ts";
import { COMMAND_WINDOW_MAX } from "./limits.ts";

test("commands in order across the wrap → accepted, ExpCmdSN follows", () => {
  const window = new CommandWindow(0xfffffffe);
  window.open(4, 0);
  expect([0xfffffffe, 0xffffffff, 0, 1].map((cmdSN) => window.take(cmdSN))).toEqual([
    "accept",
    "accept",
    "accept",
    "accept",
  ]);
  expect(window.expCmdSN).toBe(2);
  expect(window.take(2)).toBe("ignore");
});

test("a duplicate, one beyond, one skipped → ignore, ignore, gap", () => {
  const window = new CommandWindow(10);
  window.open(4, 0);
  window.take(10);
  expect(window.take(10)).toBe("ignore");
  expect(window.take(14)).toBe("ignore");
  expect(window.take(12)).toBe("gap");
});

test("nothing allowed and nothing outstanding → one command all the same", () => {
  const window = new CommandWindow(10);
  window.open(0, 0);
  expect(window.maxCmdSN).toBe(10);
});

test("more allowed than the bound → the bound", () => {
  const window = new CommandWindow(10);
  window.open(100_000, 0);
  expect(window.maxCmdSN).toBe(10 + COMMAND_WINDOW_MAX - 1);
});

test("as many outstanding as allowed → closed: MaxCmdSN is ExpCmdSN - 1", () => {
  const window = new CommandWindow(10);
  window.take(10);
  window.open(1, 1);
  expect(window.maxCmdSN).toBe(window.expCmdSN - 1);
});

test("less allowed than before → MaxCmdSN stays until the commands have come", () => {
  const window = new CommandWindow(10);
  window.open(4, 0);
  window.open(1, 0);
  expect(window.maxCmdSN).toBe(13);
  window.take(10);
  window.open(1, 1);
  expect(window.maxCmdSN).toBe(13);
  for (const cmdSN of [11, 12, 13]) window.take(cmdSN);
  window.open(1, 4);
  expect(window.maxCmdSN).toBe(13);
});

test("a number of the window is given up → it counts as received, and late copies of it are ignored", () => {
  const window = new CommandWindow(0xffff_fffe);
  window.open(4, 0);
  expect(window.giveUp(0xffff_ffff)).toBe(true);
  expect(window.expCmdSN).toBe(0xffff_fffe);
  expect(window.take(0xffff_ffff)).toBe("ignore");
  expect(window.take(0xffff_fffe)).toBe("accept");
  expect(window.expCmdSN).toBe(0);
  expect(window.giveUp(0)).toBe(true);
  expect(window.expCmdSN).toBe(1);
  expect(window.take(1)).toBe("accept");
});

test.each([99, 104])(
  "number %i outside the window is given up → false, and nothing moves",
  (cmdSN) => {
    const window = new CommandWindow(100);
    window.open(4, 0);
    expect(window.giveUp(cmdSN)).toBe(false);
    expect(window.expCmdSN).toBe(100);
  },
);
