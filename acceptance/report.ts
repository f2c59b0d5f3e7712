/** What the parts of the acceptance run tell: one line a result, a table of the parts, and the closing line. */

export interface PartResult {
  readonly name: string;
  passed: number;
  failed: number;
  /** Missing on purpose: COVERAGE.md has the reasons. */
  lacking: number;
  /** Tests of others that skip themselves, as COVERAGE.md says they do: no passes. */
  skipped: number;
  seconds: number;
  /** Why it could not run, or not in whole. Nothing of it then counts as passed. */
  note: string | undefined;
}

export interface Part {
  readonly result: PartResult;
  pass(what: string): void;
  fail(what: string): void;
  lack(what: string): void;
  skip(what: string): void;
  say(text: string): void;
  /** Reads a line of a program that prints PASS, FAIL and LACK lines; answers whether it was one. */
  readLine(line: string): boolean;
}

export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const createPart = (name: string): Part => {
  const result: PartResult = {
    name,
    passed: 0,
    failed: 0,
    lacking: 0,
    skipped: 0,
    seconds: 0,
    note: undefined,
  };
  const tell = (word: string, what: string) => say(`${word} ${name}: ${what}`);
  const part: Part = {
    result,
    pass(what) {
      result.passed += 1;
      tell("PASS", what);
    },
    fail(what) {
      result.failed += 1;
      tell("FAIL", what);
    },
    lack(what) {
      result.lacking += 1;
      tell("LACK", what);
    },
    skip(what) {
      result.skipped += 1;
      tell("SKIP", what);
    },
    say: (text) => say(`     ${name}: ${text}`),
    readLine(line) {
      const [, word, what = ""] = /^(PASS|FAIL|LACK) (.*)$/.exec(line) ?? [];
      if (word === "PASS") part.pass(what);
      if (word === "FAIL") part.fail(what);
      if (word === "LACK") part.lack(what);
      return word !== undefined;
    },
  };
  return part;
};

const HEAD = ["part", "passed", "failed", "lacking", "skipped", "seconds"];

/** The table at the end, a line a part. */
export const tableOf = (results: readonly PartResult[]): string[] => {
  const rows = results.map((result) => [
    result.name,
    ...[result.passed, result.failed, result.lacking, result.skipped].map(String),
    result.seconds.toFixed(0),
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  return [HEAD, ...rows].map((row, at) => {
    const note = results[at - 1]?.note;
    return note === undefined ? lineOf(row) : `${lineOf(row)}  ${note}`;
  });
};
