/** The initiators that have logged in, and when they last did: in memory alone, bounded, the one longest away forgotten first. */
import type { IscsiInitiator } from "@reelhouse/contracts";
import type { SessionInfo } from "@reelhouse/iscsi";

/** Some 500 bytes each. */
export const initiatorsMax = 1024;

export interface RecentInitiators {
  sessionStarted(info: SessionInfo): void;
  /** Last login first. */
  list(): readonly RecentInitiator[];
}

export type RecentInitiator = Omit<IscsiInitiator, "sessions">;

export function createRecentInitiators(now: () => Date): RecentInitiators {
  /** By name, last login last. */
  const seen = new Map<string, RecentInitiator>();

  return {
    sessionStarted({ initiatorName, initiatorAlias, remoteAddress, targetName }) {
      const logins = (seen.get(initiatorName)?.logins ?? 0) + 1;
      seen.delete(initiatorName);
      seen.set(initiatorName, {
        initiatorName,
        initiatorAlias: initiatorAlias ?? null,
        logins,
        lastLoginAt: now().toISOString(),
        lastAddress: remoteAddress,
        lastTargetName: targetName ?? null,
      });
      const [oldest] = seen.keys();
      if (seen.size > initiatorsMax && oldest !== undefined) seen.delete(oldest);
    },
    list: () => [...seen.values()].toReversed(),
  };
}
