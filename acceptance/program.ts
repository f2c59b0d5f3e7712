/** A part that is a program of its own: it prints PASS and FAIL lines and ends with `N passed, N failed`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createPart, type PartResult, say } from "./report.ts";

const CLOSING = /^(\d+) passed, (\d+) failed$/;

/** Runs a TypeScript program on this Node. Its lines are shown as they come; its closing line counts. */
export const runProgram = async (name: string, args: readonly string[]): Promise<PartResult> => {
  const part = createPart(name);
  const { result } = part;
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const abandon = () => child.kill("SIGTERM");
  process.once("exit", abandon);
  let closing: RegExpExecArray | null = null;
  let last = "";
  const lines = createInterface({ input: child.stdout }).on("line", (line) => {
    closing = CLOSING.exec(line);
    if (closing === null && line.trim() !== "") last = line.trim();
    if (closing === null) say(line);
  });
  const [code] = await Promise.all([
    once(child, "exit").then(([status]) => status as unknown),
    once(lines, "close"),
  ]);
  process.off("exit", abandon);
  result.seconds = (performance.now() - begun) / 1000;
  const [, passed = "0", failed = "0"] = (closing as RegExpExecArray | null) ?? [];
  if (closing === null) part.fail("ended without its closing line");
  result.passed += Number(passed);
  result.failed += Number(failed);
  if (code !== 0 && result.failed === 0 && result.passed > 0)
    part.fail(`exit code ${String(code)}`);
  if (result.passed + result.failed === 0) result.note = last;
  return result;
};
