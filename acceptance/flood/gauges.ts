/** The gateway's process as /proc shows it, its metrics, and its log. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Reelhouse } from "@reelhouse/testing";
import { residentBytes } from "../src/resident-bytes.ts";

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
const UTIME_FIELD = 11;

export interface Gauges {
  readonly pid: number;
  residentBytes(): number;
  descriptors(): number;
  /** How many of each kind: socket, file, … */
  descriptorKinds(): string;
  /** Of the processor, since the process began. */
  seconds(): number;
  logBytes(): number;
  logLines(event: string): number;
  /** The sum of all samples of a metric. */
  metric(name: string): Promise<number>;
}

const kindOf = (link: string): string => {
  try {
    return /^(\w+):/.exec(readlinkSync(link))?.[1] ?? "file";
  } catch {
    return "closed meanwhile";
  }
};

export const gaugesOf = (reelhouse: Reelhouse, controlPort: number): Gauges => {
  const pid = reelhouse.services().gateway;
  if (pid === undefined) throw new Error("no gateway runs");
  const log = join(reelhouse.dataDir, "logs/gateway.log");
  return {
    pid,
    residentBytes: () => {
      const bytes = residentBytes(pid);
      if (bytes === undefined) throw new Error("the gateway has ended");
      return bytes;
    },
    descriptors: () => readdirSync(`/proc/${pid}/fd`).length,
    descriptorKinds: () => {
      const kinds = readdirSync(`/proc/${pid}/fd`).map((fd) => kindOf(`/proc/${pid}/fd/${fd}`));
      const groups = Map.groupBy(kinds, (kind) => kind);
      return [...groups].map(([kind, { length }]) => `${length} ${kind}`).join(", ");
    },
    seconds: () => {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [user = "0", system = "0"] = fields.slice(UTIME_FIELD);
      return (Number(user) + Number(system)) / TICKS_PER_SECOND;
    },
    logBytes: () => statSync(log).size,
    logLines: (event) => readFileSync(log, "utf8").split(`"event":"${event}"`).length - 1,
    async metric(name) {
      const answer = await fetch(`http://127.0.0.1:${controlPort}/metrics`);
      const lines = (await answer.text()).split("\n");
      return lines
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
    },
  };
};
