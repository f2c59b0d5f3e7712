/** `pnpm check`: format, types, lint, boundaries, dead code, and the repository's test of itself. All run; all faults show. */
/* oxlint-disable node/no-process-env -- a launcher hands its environment on */
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");
const bin = path.join(root, "node_modules/.bin");

const checks: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "lint and types", command: ["oxlint", "--type-check", "."] },
  { name: "boundaries", command: ["turbo", "boundaries"] },
  { name: "dead code", command: ["knip"] },
  {
    name: "tidy",
    command: ["vitest", "run", "--config", "packages/tooling/vitest.config.ts", "packages/tooling"],
  },
];

const failures: string[] = [];
for (const { name, command } of checks) {
  const [program = "", ...args] = command;
  const begun = performance.now();
  const run = spawnSync(path.join(bin, program), args, {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      TURBO_TELEMETRY_DISABLED: "1",
      FORCE_COLOR: "0",
    },
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const good = run.status === 0;
  console.log(`${good ? "ok  " : "FAIL"}  ${name} (${seconds} s)`);
  if (good) continue;
  failures.push(name);
  console.log(`${run.stdout}${run.stderr}`.replaceAll(/^/gm, "      "));
}
console.log(`${checks.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
