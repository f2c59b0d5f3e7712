/** Resident memory of the product's processes over time, and whether it stays where it is. */
import type { Reelhouse, ServiceName } from "@reelhouse/testing";
import { residentBytes } from "../src/resident-bytes.ts";

const MIB = 1024 * 1024;
/**
 * A process may grow by this much from the middle third of its life to its last: V8 returns memory late. The longest life
 * counts, as each restart begins small anew. A leak of a block a write would be gigabytes.
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

/** What one process had, as often as it was looked at. */
interface Life {
  readonly pid: number;
  readonly bytes: number[];
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

export const createMemoryWatch = (reelhouse: Reelhouse) => {
  const samples = new Map<Watched, Life[]>();
  const take = (service: Watched, pid: number | undefined) => {
    const bytes = pid === undefined ? undefined : residentBytes(pid);
    if (bytes === undefined || pid === undefined) return;
    const lives = samples.get(service) ?? [];
    samples.set(service, lives);
    const last = lives.at(-1);
    if (last?.pid === pid) last.bytes.push(bytes);
    else lives.push({ pid, bytes: [bytes] });
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
        .map(([service, lives]) => {
          const now = lives.at(-1)?.bytes.at(-1) ?? 0;
          return `${service} ${(now / MIB).toFixed(0)}`;
        })
        .join(" "),
    verdicts: (): MemoryVerdict[] =>
      [...samples].map(([service, lives]) => {
        const all = lives.map((life) => life.bytes);
        const longest = all.reduce((one, other) => (other.length > one.length ? other : one), []);
        const third = Math.floor(longest.length / 3);
        const middleBytes = median(longest.slice(third, 2 * third));
        const lastBytes = median(longest.slice(2 * third));
        const peakBytes = Math.max(...all.flat());
        const flat = lastBytes - middleBytes <= GROWTH_BYTES_MAX && peakBytes <= RESIDENT_BYTES_MAX;
        return { service, peakBytes, middleBytes, lastBytes, flat };
      }),
  };
};
