/** The sessions that hosts have on a target, for an operator who takes it away. */
import { setTimeout as delay } from "node:timers/promises";
import type { IscsiTarget } from "@reelhouse/iscsi";

export interface TargetSessions {
  /** The iSCSI names of the hosts that are logged in. */
  initiators(targetName: string): readonly string[];
  /** Asks them to log out, and resolves when they have, or their connections were closed. */
  end(targetName: string): Promise<void>;
}

/** How often we look whether they are gone. */
const lookMs = 10;

export const createTargetSessions = (target: Pick<IscsiTarget, "sessionsOf">): TargetSessions => ({
  initiators: (targetName) => target.sessionsOf(targetName).map(({ nexus }) => nexus.initiatorName),
  async end(targetName) {
    for (const { transport } of target.sessionsOf(targetName)) transport.drain();
    // A connection that does not log out in time is closed by the target (logoutTimeoutMs).
    while (target.sessionsOf(targetName).length > 0) await delay(lookMs);
  },
});
