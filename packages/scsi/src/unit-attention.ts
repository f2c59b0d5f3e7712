/** Unit attention conditions, one queue for each I_T nexus (SAM-5 5.14). */
import type { SenseName } from "./sense.ts";
import type { Nexus } from "./task.ts";

/** Rank in the queue: the lower is reported first; a reset absorbs the resets and losses ranked below it. */
const ranks = {
  powerOn: 0,
  scsiBusReset: 1,
  busDeviceReset: 2,
  nexusLoss: 3,
  commandsCleared: 4,
  notReadyToReadyChange: 5,
  importExportAccessed: 6,
  modeParametersChanged: 7,
} as const satisfies Partial<Record<SenseName, number>>;

export type UnitAttention = keyof typeof ranks;

const lowestReset = ranks.nexusLoss;

/** Names of initiator ports remembered to tell a return (29/07) from a first visit (29/00). */
const knownPortsMax = 1024;

export class UnitAttentions {
  readonly #pending = new Map<Nexus, UnitAttention[]>();
  readonly #knownPorts = new Set<string>();

  /** A nexus appears: it learns of the power on, or, when its port was here before, of the loss. */
  join(nexus: Nexus): void {
    if (this.#pending.has(nexus)) return;
    const known = this.#knownPorts.has(nexus.initiatorPortName);
    this.#pending.set(nexus, [known ? "nexusLoss" : "powerOn"]);
    this.#knownPorts.add(nexus.initiatorPortName);
    const [oldest] = this.#knownPorts;
    if (this.#knownPorts.size > knownPortsMax && oldest !== undefined) {
      this.#knownPorts.delete(oldest);
    }
  }

  leave(nexus: Nexus): void {
    this.#pending.delete(nexus);
  }

  /** Queues `attention` once; a pending reset of higher rank stands for it. */
  establish(nexus: Nexus, attention: UnitAttention): void {
    const queue = this.#pending.get(nexus);
    if (queue === undefined) return;
    const rank = ranks[attention];
    const absorbed = queue.some((pending) =>
      rank <= lowestReset ? ranks[pending] <= rank : pending === attention,
    );
    if (absorbed) return;
    const kept = queue.filter((pending) => rank > lowestReset || ranks[pending] > lowestReset);
    kept.push(attention);
    kept.sort((one, other) => ranks[one] - ranks[other]);
    this.#pending.set(nexus, kept);
  }

  /** For every nexus but `except`. */
  establishForAll(attention: UnitAttention, except?: Nexus): void {
    for (const nexus of this.#pending.keys()) {
      if (nexus !== except) this.establish(nexus, attention);
    }
  }

  /** Reports the first pending condition and clears it. */
  take(nexus: Nexus): UnitAttention | undefined {
    return this.#pending.get(nexus)?.shift();
  }
}
