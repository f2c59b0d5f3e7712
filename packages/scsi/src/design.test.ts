/** DESIGN.md says what the code does: its tables are those of the code. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { designTables } from "./testing-tables.ts";

const design = readFileSync(new URL("../DESIGN.md", import.meta.url), "utf8");

/** Cells without the padding a formatter puts around them, rulers as one. */
const bare = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.replaceAll(/\s+/gu, " ").replaceAll(/-{3,}/gu, "---").trim())
    .filter((line) => line !== "");

test.each(Object.keys(designTables))("table of %s → as in the code", (name) => {
  const [, after = ""] = design.split(`<!-- table: ${name} -->`);
  const [between = ""] = after.split("<!-- end -->");
  expect(bare(between)).toEqual(bare(designTables[name]!));
});
