/** kill -9 while a library's shape is changed: its file holds the old state or the new one, never anything else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { libraryState } from "./library-state.ts";

const program = path.join(import.meta.dirname, "..", "testing", "reshape-forever.ts");
const rounds = 6;

interface Told {
  readonly drivesMade: number;
  readonly storage: number;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "kill-library-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs it on the file, kills it some time after its first word, and gives the last thing it said. */
async function runAndKill(file: string, afterMs: number): Promise<Told> {
  const child = spawn(process.execPath, [program, file], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  await once(reader, "line");
  await delay(afterMs);
  const gone = once(child, "close");
  child.kill("SIGKILL");
  await gone;
  const told: Told = JSON.parse(lines.at(-1) ?? "{}");
  return told;
}

test("killed at any moment → what was said is on disk or one change more; names go on where they were", async () => {
  const file = path.join(directory, "library.json");
  let before = 0;
  for (let round = 0; round < rounds; round++) {
    const told = await runAndKill(file, round * 7);
    const state = libraryState.parse(JSON.parse(await readFile(file, "utf8")));
    const drives = state.drivesMade - told.drivesMade;
    const storage = state.ranges.storage.count - told.storage;
    expect([0, 1]).toContain(drives);
    expect(drives === 1 && storage !== 0).toBe(false);
    expect(state.drivesMade).toBeGreaterThanOrEqual(before);
    const serials = state.drives.map(({ serialNumber }) => serialNumber);
    expect(new Set(serials).size).toBe(serials.length);
    before = state.drivesMade;
  }
}, 60_000);
