/** Every cell of the table, once, as it is meant; a change of one is a change of behaviour. */
import { tapeStatus } from "@reelhouse/contracts";
import { expect, test } from "vitest";
import { isRefusal, type TapeHappening, transitions } from "./tape-lifecycle.ts";

const happenings = [
  "createAsked",
  "described",
  "changed",
  "removeAsked",
  "removeRefused",
  "removed",
] as const satisfies TapeHappening[];

const wanted = {
  CREATING: ["CREATING", "AVAILABLE", "AVAILABLE", "DELETING", "CREATING", "DELETED"],
  AVAILABLE: ["!TAPE_EXISTS", "AVAILABLE", "AVAILABLE", "DELETING", "AVAILABLE", "DELETED"],
  DELETING: ["!TAPE_EXISTS", "DELETING", "DELETING", "DELETING", "AVAILABLE", "DELETED"],
  DELETED: [
    "!TAPE_EXISTS",
    "AVAILABLE",
    "!TAPE_NOT_FOUND",
    "!TAPE_NOT_FOUND",
    "!TAPE_NOT_FOUND",
    "DELETED",
  ],
};

const cells = tapeStatus.options.flatMap((status) =>
  happenings.map((happening, index) => ({ status, happening, next: wanted[status][index] })),
);

test.each(cells)("$status, $happening → $next", ({ status, happening, next }) => {
  const result = transitions[status][happening];
  expect(isRefusal(result) ? `!${result.refused}` : result).toBe(next);
});
