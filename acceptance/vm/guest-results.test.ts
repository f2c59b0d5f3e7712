/** The guest's lines: whose they are, and what a guest that dies leaves behind. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createReader } from "./guest-results.ts";

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const SCRIPTS = ["10-a", "20-b", "30-c"];
const LINES = [
  "BEGIN 10-a",
  "PASS one",
  "    told",
  "FAIL two: why",
  "END 10-a 1 2500",
  "BEGIN 20-b",
];

test("lines of scripts → counted with the script that prints them, every one kept", () => {
  const log: string[] = [];
  const reader = createReader((line) => log.push(line));
  for (const line of [...LINES, "LACK id: three", "PASS four", "END 20-b 0 100"]) reader.read(line);
  expect(reader.parts.map(({ result }) => result)).toMatchObject([
    { name: "10-a", passed: 1, failed: 1, lacking: 0, seconds: 2.5 },
    { name: "20-b", passed: 1, failed: 0, lacking: 1, seconds: 0.1 },
  ]);
  expect(log).toHaveLength(LINES.length + 3);
  expect(reader.unfinished()).toBeUndefined();
});

test("a guest that dies in a script → that one unfinished; it and those behind it told nothing", () => {
  const reader = createReader(() => {});
  for (const line of LINES) reader.read(line);
  expect(reader.unfinished()?.result.name).toBe("20-b");
  expect(reader.silent(SCRIPTS)).toEqual(["20-b", "30-c"]);
});

test("scripts named for their deployment → told apart, and found by their own names", () => {
  const reader = createReader(
    () => {},
    (script) => `compose ${script}`,
  );
  for (const line of LINES) reader.read(line);
  expect(reader.unfinished()?.result.name).toBe("compose 20-b");
  expect(reader.silent(SCRIPTS)).toEqual(["20-b", "30-c"]);
});
