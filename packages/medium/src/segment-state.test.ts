/** The table of a segment's life: every cell, as DESIGN.md prints it. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { segmentEvents, segmentStates, segmentTransitions } from "./segment-state.ts";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The table as it must stand in DESIGN.md. */
const table = (): string => {
  const rows = segmentStates.map((state) =>
    row([
      state,
      ...segmentEvents.map((event) => {
        const next = segmentTransitions[state][event];
        return next === "refused" ? "–" : next;
      }),
    ]),
  );
  const head = ["state", ...segmentEvents];
  return [row(head), row(head.map(() => "---")), ...rows].join("\n");
};

/** Runs of blanks and dashes do not count: the formatter aligns tables. */
const squeezed = (text: string): string => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");

describe("segment state", () => {
  it("every state and event → the table in DESIGN.md", () => {
    const design = readFileSync(new URL("../DESIGN.md", import.meta.url), "utf8");
    expect(squeezed(design)).toContain(squeezed(table()));
  });
  it("open, sealed and lost → never evicted", () => {
    for (const state of ["open", "sealed", "lost"] as const) {
      expect(segmentTransitions[state].evict).toBe("refused");
    }
  });
});
