/** The screen at a terminal and without one. */
import { expect, test } from "vitest";
import { makeScreen } from "./screen.ts";

const setUp = (isTTY: boolean) => {
  const written: string[] = [];
  let at = 0;
  const screen = makeScreen({ isTTY, write: (text) => written.push(text) }, () => at);
  return { screen, written, pass: (ms: number) => (at += ms) };
};

test("a terminal → the live line is rewritten, and cleared before the next line", () => {
  const { screen, written } = setUp(true);
  screen.live("one");
  screen.live("two");
  screen.line("done");
  expect(written.join("")).toBe("\r\u001B[2K   one\r\u001B[2K   two\r\u001B[2Kdone\n");
});

test("no terminal → plain lines, one a second", () => {
  const { screen, written, pass } = setUp(false);
  screen.live("one");
  pass(400);
  screen.live("two");
  pass(700);
  screen.live("three");
  expect(written).toEqual(["   one\n", "   three\n"]);
});

test("a step → its heading, its result and its time", async () => {
  const { screen, written, pass } = setUp(false);
  const result = await screen.step("Wind", async () => {
    pass(1500);
    return 7;
  });
  expect(result).toBe(7);
  expect(screen.times).toEqual([["Wind", 1.5]]);
  expect(written.join("")).toBe("\n== Wind\n   … 1.5 s\n");
});
