/**
 * Who was refused lately, and why: the same from one source is one entry with a count. Bounded in all and by source, so
 * that whoever tries names or floods one address pushes out his own entries first.
 */
import type { IscsiRefusal } from "@reelhouse/contracts";
import type { Observer } from "@reelhouse/iscsi";
import type { Refusal } from "./admission.ts";
import { clipped, hostOf } from "./log-ration.ts";
import { refusalReasons } from "./refused-connections.ts";
import { sourceOf } from "./source-address.ts";

/** Of each kind; some 600 bytes each. */
export const refusalsMax = 256;
export const refusalsPerSourceMax = 32;

type LoginRefused = Parameters<NonNullable<Observer["loginRefused"]>>[0];

export interface RecentRefusals {
  loginRefused(event: LoginRefused): void;
  connectionRefused(remoteAddress: string, refusal: Refusal): void;
  /** Newest first. */
  list(): readonly IscsiRefusal[];
}

interface Kept {
  readonly source: string;
  readonly refusal: IscsiRefusal;
}
type Told = Omit<IscsiRefusal, "count" | "firstAt" | "lastAt">;

export function createRecentRefusals(now: () => Date): RecentRefusals {
  const logins = createList(now);
  const connections = createList(now);
  return {
    loginRefused: ({ remoteAddress, initiatorName, targetName, status, detail }) =>
      logins.add(sourceOf(hostOf(remoteAddress)), {
        kind: "login",
        remoteAddress,
        initiatorName: initiatorName === undefined ? null : clipped(initiatorName),
        targetName: targetName === undefined ? null : clipped(targetName),
        status,
        reason: clipped(detail),
      }),
    connectionRefused: (remoteAddress, refusal) =>
      connections.add(sourceOf(remoteAddress), {
        kind: "connection",
        remoteAddress,
        initiatorName: null,
        targetName: null,
        status: refusal,
        reason: refusalReasons[refusal],
      }),
    list: () =>
      [...logins.all(), ...connections.all()].toSorted((one, other) =>
        other.lastAt.localeCompare(one.lastAt),
      ),
  };
}

interface RefusalList {
  add(source: string, told: Told): void;
  all(): readonly IscsiRefusal[];
}

function createList(now: () => Date): RefusalList {
  /** Longest ago first. */
  const entries = new Map<string, Kept>();

  const makeRoom = (source: string): void => {
    const own = [...entries.keys()].filter((key) => entries.get(key)?.source === source);
    const [oldestOwn] = own;
    const [oldest] = entries.keys();
    if (oldestOwn !== undefined && own.length >= refusalsPerSourceMax) entries.delete(oldestOwn);
    else if (oldest !== undefined && entries.size >= refusalsMax) entries.delete(oldest);
  };

  return {
    add(source, told) {
      const { initiatorName, targetName, status } = told;
      const key = JSON.stringify([source, initiatorName, targetName, status]);
      const at = now().toISOString();
      const known = entries.get(key);
      if (known === undefined) makeRoom(source);
      else entries.delete(key);
      const { count = 0, firstAt = at } = known?.refusal ?? {};
      entries.set(key, { source, refusal: { ...told, count: count + 1, firstAt, lastAt: at } });
    },
    all: () => [...entries.values()].map(({ refusal }) => refusal),
  };
}
