/**
 * Who may open a connection now: rates by source address. Holds no socket and no clock. What it remembers is bounded: an
 * address that has been quiet is forgotten, and when too many are known at once the new ones share one allowance.
 */
import type { PortalLimits } from "./portal-limits.ts";
import { sourceOf } from "./source-address.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Some 200 bytes each. */
const sourcesMax = 4096;
/** Stands for every address that is not known while too many are. */
const strangers = "others";

export const refusals = ["connectionRate", "refusedLogins", "halfOpen", "connections"] as const;
export type Refusal = (typeof refusals)[number];

interface Source {
  readonly connections: TokenBucket;
  readonly refusedLogins: TokenBucket;
}

export interface Admission {
  /** Why a connection from there may not come in; undefined: it may. */
  connect(address: string, nowMs: number): Refusal | undefined;
  /** A login from there was refused for what it said. */
  loginRefused(address: string, nowMs: number): void;
  /** Forgets who has been quiet. */
  tick(nowMs: number): void;
}

export function createAdmission(
  limits: Pick<PortalLimits, "connectionRate" | "refusedLoginRate">,
): Admission {
  const sources = new Map<string, Source>();

  const sourceAt = (address: string, nowMs: number): Source => {
    const name = sourceOf(address);
    const known = sources.get(name);
    if (known !== undefined) return known;
    if (sources.size >= sourcesMax && name !== strangers) return sourceAt(strangers, nowMs);
    const made = {
      connections: new TokenBucket(limits.connectionRate, nowMs),
      refusedLogins: new TokenBucket(limits.refusedLoginRate, nowMs),
    };
    sources.set(name, made);
    return made;
  };

  return {
    connect(address, nowMs) {
      const { connections, refusedLogins } = sourceAt(address, nowMs);
      if (!refusedLogins.has(nowMs)) return "refusedLogins";
      return connections.take(nowMs) ? undefined : "connectionRate";
    },
    loginRefused: (address, nowMs) => void sourceAt(address, nowMs).refusedLogins.take(nowMs),
    tick(nowMs) {
      for (const [name, { connections, refusedLogins }] of sources)
        if (connections.isFull(nowMs) && refusedLogins.isFull(nowMs)) sources.delete(name);
    },
  };
}
