import { existsSync } from "node:fs";
import { createLogger } from "@reelhouse/service-kit";
import { expect, test } from "vitest";
import { fitToDescriptors, readDescriptorsMax } from "./descriptors.ts";
import { defaultPortalLimits } from "./portal-limits.ts";

const lines: string[] = [];
const logger = createLogger("gateway", "info", { write: (line) => void lines.push(line) });
const { connectionsMax } = defaultPortalLimits;

test.each([
  [undefined, connectionsMax, 0],
  [1_048_576, connectionsMax, 0],
  [1024, 512, 1],
  [256, 128, 1],
])("%s descriptors → %d connections, %d warnings", (descriptorsMax, wanted, warnings) => {
  lines.length = 0;
  const fitted = fitToDescriptors(defaultPortalLimits, descriptorsMax, logger);
  expect(fitted).toEqual({ ...defaultPortalLimits, connectionsMax: wanted });
  expect(lines).toHaveLength(warnings);
  for (const line of lines) expect(line).toMatch(/ulimit -n 1088 or more/);
});

test("this process's own limit → is read where there is /proc", async () => {
  const isThere = existsSync("/proc/self/limits");
  expect(((await readDescriptorsMax()) ?? 0) > 2).toBe(isThere);
});
