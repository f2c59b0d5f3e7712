import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERRORS } from "./errors.ts";
import type { ErrorRow } from "./errors.ts";

const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");

const line = (code: string, row: ErrorRow) =>
  `| \`${code}\` | ${row.httpStatus} | ${row.retryable ? "yes" : "no"} | ${row.message} |`;

test("docs/errors.md → has exactly the rows of the table", () => {
  const documented = page.split("\n").filter((text) => text.startsWith("| `"));
  expect(documented).toEqual(Object.entries(ERRORS).map(([code, row]) => line(code, row)));
});

test("every row → has an error status, and a message that is a sentence", () => {
  for (const [code, row] of Object.entries(ERRORS)) {
    expect(row.httpStatus, code).toBeGreaterThanOrEqual(400);
    expect(row.message, code).toMatch(/^[A-Z].*\.$/);
  }
});
