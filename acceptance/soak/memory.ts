/** Resident memory of the product's processes over time, and whether it stays where it is. */
import { readFileSync } from "node:fs";
import type { Reelhouse, ServiceName } from "@reelhouse/testing";

const MIB = 1024 * 1024;
/**
 * A process may grow by this much from the middle third of the soak to its last: V8 returns memory late, and each
 * restart begins anew. A leak of a block a write would be gigabytes.
 */
const GROWTH_BYTES_MAX = 96 * MIB;
/** And none may ever be larger: slabs and cache are bounded, and the machine of the tests is small. */
const RESIDENT_BYTES_MAX = 700 * MIB;
/** Postgres has processes of its own below the first, with memory that is shared: not ours to judge. */
const SERVICES = ["gateway", "uploader", "inventory"] as const satisfies readonly ServiceName[];
type Watched = (typeof SERVICES)[number] | "launcher";

export interface MemoryVerdict {
  readonly service: Watched;
  readonly peakBytes: number;
  readonly middleBytes: number;
  readonly lastBytes: number;
  readonly flat: boolean;
}

const residentBytes = (pid: number): number | undefined => {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return line === null ? undefined : Number(line[1]) * 1024;
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

export const createMemoryWatch = (reelhouse: Reelhouse) => {
  const samples = new Map<Watched, number[]>();
  const take = (service: Watched, pid: number | undefined) => {
    const bytes = pid === undefined ? undefined : residentBytes(pid);
    if (bytes === undefined) return;
    const list = samples.get(service) ?? [];
    list.push(bytes);
    samples.set(service, list);
  };
  return {
    sample(): void {
      const pids = reelhouse.services();
      take("launcher", reelhouse.pid);
      for (const service of SERVICES) take(service, pids[service]);
    },
    /** The newest sample of each, for the line of progress. */
    now: (): string =>
      [...samples]
        .map(([service, list]) => `${service} ${((list.at(-1) ?? 0) / MIB).toFixed(0)}`)
        .join(" "),
    verdicts: (): MemoryVerdict[] =>
      [...samples].map(([service, list]) => {
        const third = Math.floor(list.length / 3);
        const middleBytes = median(list.slice(third, 2 * third));
        const lastBytes = median(list.slice(2 * third));
        const peakBytes = Math.max(...list);
        const flat = lastBytes - middleBytes <= GROWTH_BYTES_MAX && peakBytes <= RESIDENT_BYTES_MAX;
        return { service, peakBytes, middleBytes, lastBytes, flat };
      }),
  };
};
