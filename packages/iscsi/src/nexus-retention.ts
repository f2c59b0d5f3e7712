/**
 * Nexuses whose connection broke, kept for a while for their initiator port to come back (beyond RFC 7143 6.3.5, which has
 * a nexus loss here: for a tape that costs a night's backup). Tasks are not kept: they have been taken away. The device sees
 * to it that what an absent nexus holds keeps nobody out.
 */
import type { LoginIdentity } from "./login/login.ts";
import type { Nexus, ScsiTarget } from "./scsi-target.ts";

interface KeptNexus {
  readonly nexus: Nexus;
  readonly scsiTarget: ScsiTarget;
  /** There were commands of which the initiator cannot know what became. */
  readonly tasksLost: boolean;
  /** Set by the first tick. */
  untilMs: number | undefined;
}

export class NexusRetention {
  readonly #retentionMs: number;
  readonly #kept = new Set<KeptNexus>();

  constructor(retentionMs: number) {
    this.#retentionMs = retentionMs;
  }

  keep(nexus: Nexus, scsiTarget: ScsiTarget, tasksLost: boolean): void {
    if (this.#retentionMs === 0) return scsiTarget.nexusLost(nexus);
    this.#kept.add({ nexus, scsiTarget, tasksLost, untilMs: undefined });
    return scsiTarget.nexusSuspended(nexus);
  }

  /** The nexus of the port that logs in, if it is kept and its device is still the one. */
  take(
    { initiatorName, isid, targetName, portalGroupTag }: LoginIdentity,
    scsiTarget: ScsiTarget,
  ): { readonly nexus: Nexus; readonly tasksLost: boolean } | undefined {
    const portName = `${initiatorName},i,0x${isid}`;
    for (const kept of this.#kept) {
      const { nexus } = kept;
      if (nexus.initiatorPortName !== portName || nexus.targetName !== targetName) continue;
      if (nexus.portalGroupTag !== portalGroupTag) continue;
      this.#kept.delete(kept);
      if (kept.scsiTarget === scsiTarget) return kept;
      kept.scsiTarget.nexusLost(nexus);
    }
    return undefined;
  }

  /** The nexuses kept for a target. */
  of(targetName: string): readonly Nexus[] {
    return [...this.#kept]
      .map(({ nexus }) => nexus)
      .filter((nexus) => nexus.targetName === targetName);
  }

  /** Tells the device of those nobody came back for. */
  tick(nowMs: number): void {
    for (const kept of this.#kept) {
      kept.untilMs ??= nowMs + this.#retentionMs;
      if (nowMs < kept.untilMs) continue;
      this.#kept.delete(kept);
      kept.scsiTarget.nexusLost(kept.nexus);
    }
  }
}
