/** shim.c, compiled where there is a compiler, and what it does to a program of libiscsi. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages, isProgramThere, type Need } from "../packages.ts";
import { run } from "./test-cu.ts";

const COMPILER: readonly Need[] = [
  { package: "gcc", isThere: () => isProgramThere("gcc") },
  { package: "libc6-dev", isThere: () => existsSync("/usr/include/stdlib.h") },
  { package: "libiscsi-dev", isThere: () => existsSync("/usr/include/iscsi/iscsi.h") },
];

/** The variables of shim.c. */
const VARIABLES = {
  capacity: "SHIM_CAPACITY",
  disk: "SHIM_DISK",
  digest: "SHIM_DIGEST",
} as const;

/** Environment of a program in which the shim does these things. */
export type Shim = (...does: readonly (keyof typeof VARIABLES)[]) => Record<string, string>;

/** Compiles it into the folder; or says why it cannot. */
export async function compileShim(folder: string): Promise<Shim | { readonly fault: string }> {
  const missing = ensurePackages(COMPILER);
  if (missing !== undefined) return { fault: missing };
  const library = join(folder, "shim.so");
  const source = join(import.meta.dirname, "shim.c");
  const { code, output } = await run("gcc", ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
  if (code !== 0) return { fault: `shim.c does not compile: ${output.slice(0, 400)}` };
  return (...does) => ({
    LD_PRELOAD: library,
    ...Object.fromEntries(does.map((what) => [VARIABLES[what], "1"])),
  });
}
