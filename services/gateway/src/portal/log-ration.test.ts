import { createLogger } from "@reelhouse/service-kit";
import { expect, test } from "vitest";
import { clipped, createLogRation } from "./log-ration.ts";

function start() {
  const lines: string[] = [];
  const logger = createLogger("gateway", "info", { write: (line) => void lines.push(line) });
  let now = 0;
  const ration = createLogRation({ logger, about: "faults", nowMs: () => now });
  let said = 0;
  /** How many of so many lines from there are written. */
  const flood = (count: number, remoteAddress: (index: number) => string): number => {
    const before = said;
    for (let index = 0; index < count; index++)
      ration.say(remoteAddress(index), () => void (said += 1));
    return said - before;
  };
  const pass = (ms: number): void => {
    now += ms;
    ration.tick();
  };
  return { lines, flood, pass };
}

const one = () => "192.0.2.1:50000";
const many = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:1`;

test("a host that says the same for ever → 512 lines, then one a second, and how many were left out", () => {
  const { lines, flood, pass } = start();
  expect(flood(10_000, one)).toBe(512);
  pass(10_000);
  expect(flood(10_000, one)).toBe(10);
  expect(lines).toEqual([]);
  pass(50_000);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { event: "portal.lines-left-out", about: "faults", count: 19_478 },
  ]);
  pass(60_000);
  expect(lines).toHaveLength(1);
});

test("a flood from one host → what another does is still told", () => {
  const { flood } = start();
  flood(10_000, () => "192.0.2.1:50000");
  expect(flood(65, () => "[2001:db8::9]:50000")).toBe(65);
});

test("a flood from more hosts than are remembered → bounded for all of them together", () => {
  const { flood, pass } = start();
  // 1024 hosts have a line each; the rest share the ration of one.
  expect(flood(100_000, many)).toBe(1024 + 512);
  pass(100_000);
  expect(flood(100_000, many)).toBeLessThan(1000);
});

test("what a stranger gives for a name → not longer than a name in the log", () => {
  expect(clipped("x".repeat(8000))).toHaveLength(257);
  expect(clipped("iqn.2026-11.org.example:b")).toBe("iqn.2026-11.org.example:b");
});
