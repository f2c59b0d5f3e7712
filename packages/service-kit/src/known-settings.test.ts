import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KNOWN_SETTINGS } from "./known-settings.ts";
import type { SettingRow } from "./known-settings.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

/** The cells of a Markdown table's row, without the padding that the formatter gives them. */
const cells = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

test("the README's settings → are exactly the rows of the table", () => {
  const documented = readme
    .split("\n")
    .filter((line) => /^\| `(REELHOUSE|AWS)_/.test(line))
    .map(cells);
  const rows = Object.entries<SettingRow>(KNOWN_SETTINGS).map(([name, row]) => [
    `\`${name}\``,
    row.meaning,
    row.default === null ? "" : `\`${row.default}\``,
  ]);
  expect(documented).toEqual(rows);
});
