/** Debian packages that a part needs: installed where we may, named where we may not. */
import { execFileSync } from "node:child_process";

export interface Need {
  readonly package: string;
  readonly isThere: () => boolean;
}

export const isProgramThere = (program: string): boolean => {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const aptGet = (...args: readonly string[]): boolean => {
  try {
    execFileSync("apt-get", ["-qq", "-y", "--no-install-recommends", ...args], {
      stdio: "ignore",
      // oxlint-disable-next-line node/no-process-env -- apt needs PATH, and must not ask
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    return true;
  } catch {
    return false;
  }
};

/** Answers why something is missing still, or undefined: `missing: gcc; as root, apt-get install gcc`. */
export const ensurePackages = (needs: readonly Need[]): string | undefined => {
  const missing = () => needs.filter(({ isThere }) => !isThere()).map((need) => need.package);
  const packages = missing();
  if (packages.length === 0) return undefined;
  const mayInstall = process.getuid?.() === 0 && isProgramThere("apt-get");
  // A fresh machine's lists are old, or not there.
  if (mayInstall && !aptGet("install", ...packages) && aptGet("update"))
    aptGet("install", ...packages);
  const left = missing().join(" ");
  if (left === "") return undefined;
  const why = mayInstall ? "apt-get could not install it" : "this is no root on Debian or Ubuntu";
  return `missing: ${left}; ${why}`;
};
