import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERRORS } from "./errors.ts";
import type { ErrorRow } from "./errors.ts";

const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");

/** The cells of a Markdown table's row, without the padding that the formatter gives them. */
const cells = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

test("docs/errors.md → has exactly the rows of the table", () => {
  const documented = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map(cells);
  const rows = Object.entries<ErrorRow>(ERRORS).map(([code, row]) => [
    `\`${code}\``,
    String(row.httpStatus),
    row.retryable ? "yes" : "no",
    row.message,
  ]);
  expect(documented).toEqual(rows);
});

test.each(Object.entries<ErrorRow>(ERRORS))(
  "%s → has an error status, and a message that is a sentence",
  (_code, row) => {
    expect(row.httpStatus).toBeGreaterThanOrEqual(400);
    expect(row.message).toMatch(/^[A-Z].*\.$/);
  },
);
