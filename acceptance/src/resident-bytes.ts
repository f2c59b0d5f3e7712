/** The resident memory of a process, as /proc shows it. */
import { readFileSync } from "node:fs";

/** In bytes; undefined: it has ended. */
export const residentBytes = (pid: number): number | undefined => {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return line === null ? undefined : Number(line[1]) * 1024;
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
};
