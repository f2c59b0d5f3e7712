/**
 * The table command × condition of acceptance/COVERAGE.md: a row for every command of drive and changer, a test for every
 * condition the command can meet, every test there, and each one speaking of that command.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { changerCommands, driveCommands } from "@reelhouse/scsi";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const none = "—";

interface Command {
  readonly name: string;
  readonly opcode: number;
  readonly serviceAction?: number;
  readonly fields: readonly string[];
  readonly unitAttention?: "ignored";
}

/** Tests that go over every command of the code's own list, so that they need not name each. */
const SWEEPS: ReadonlySet<string> = new Set([
  "conformance/operation-codes",
  "conformance/unit-attentions",
  "reservation-matrix",
  "usage-bits",
]);

/** By short name: `read-6` is packages/scsi/src/…/read-6.test.ts, `conformance/spacing` is …/acceptance/…/spacing.ts. */
const files = new Map([
  ...globSync("packages/scsi/src/**/*.test.ts", { cwd: root }).map(
    (file) => [path.basename(file, ".test.ts"), file] as const,
  ),
  ...globSync("services/gateway/acceptance/{spc,ssc,smc}/*.ts", { cwd: root }).map(
    (file) => [`conformance/${path.basename(file, ".ts")}`, file] as const,
  ),
]);

const textOf = (name: string): string => {
  const file = files.get(name);
  if (file === undefined) throw new Error(`COVERAGE.md names ${name}, and there is no such test`);
  return readFileSync(path.join(root, file), "utf8");
};

const hex = (value: number) => value.toString(16).padStart(2, "0");

/** A test speaks of a command by T10's name, by its name here, or by a CDB that begins with its operation code. */
const speaksOf = (text: string, { name, opcode }: Command): boolean => {
  const plain = name.replace(/ \(.*\)$/, "");
  const code = hex(opcode);
  return (
    text.includes(plain) ||
    new RegExp(`["\`]${code}[ "]|0x${code}\\b|\\b${code} [0-9a-f]{2}\\b`, "i").test(text)
  );
};

const codeOf = ({ opcode, serviceAction }: Command) =>
  `${hex(opcode)}${serviceAction === undefined ? "" : `/${hex(serviceAction)}`}`.toUpperCase();

interface Row {
  readonly name: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** The rows between the marks `<!-- table: NAME -->` and `<!-- end -->`, by operation code. */
const tableOf = (name: string): Map<string, Row> => {
  const text = readFileSync(path.join(root, "acceptance/COVERAGE.md"), "utf8");
  const table = text.split(`<!-- table: ${name} -->`)[1]?.split("<!-- end -->")[0] ?? "";
  const [head = [], , ...rows] = table
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(
    rows.map(([code = "", command = "", ...cells]) => [
      code,
      {
        name: command,
        cells: Object.fromEntries(cells.map((cell, at) => [head[at + 2] ?? "", cell])),
      },
    ]),
  );
};

/** What follows from the code: true, the condition can be met, so a test must be named; false, it cannot. */
const conditions: readonly (readonly [string, (command: Command) => boolean])[] = [
  ["unit attention", ({ unitAttention }) => unitAttention !== "ignored"],
  ["reservation", () => true],
  ["invalid field", () => true],
  [
    "length",
    ({ fields }) => fields.includes("allocationLength") || fields.includes("parameterListLength"),
  ],
];

describe.each([
  ["drive", driveCommands],
  ["changer", changerCommands],
] as const)("%s", (device, commands: readonly Command[]) => {
  const rows = tableOf(device);

  test("every command → one row, under its name; no row for a command that is not there", () => {
    expect([...rows].map(([code, { name }]) => `${code} ${name}`)).toEqual(
      commands.map((command) => `${codeOf(command)} ${command.name}`),
    );
  });

  test("every condition that the code says can be met → a test, and none where it cannot", () => {
    for (const command of commands)
      for (const [column, canMeet] of conditions) {
        const cell = rows.get(codeOf(command))?.cells[column];
        const isTested = cell !== undefined && cell !== none;
        expect(`${command.name}, ${column}: ${isTested}`).toBe(
          `${command.name}, ${column}: ${canMeet(command)}`,
        );
      }
  });

  test("every cell → tests that are there, and speak of the command", () => {
    for (const command of commands)
      for (const cell of Object.values(rows.get(codeOf(command))?.cells ?? {}))
        for (const name of cell === none ? [] : cell.split(", ")) {
          const spoken = SWEEPS.has(name) || speaksOf(textOf(name), command);
          expect(`${name} speaks of ${command.name}: ${spoken}`).toMatch(/true$/);
        }
  });
});
