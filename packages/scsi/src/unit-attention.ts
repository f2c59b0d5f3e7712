/** Unit attention conditions, one queue for each I_T nexus (SAM-5 5.14). */
import type { SenseName } from "./sense.ts";
import type { Nexus } from "./task.ts";

/**
 * Precedence (SAM-5 table 47): the lower is reported first. A reset absorbs what is ranked from it down to the nexus
 * loss. What has no rank is reported after these, in the order in which it happened.
 */
const ranks = {
  powerOn: 0,
  scsiBusReset: 1,
  microcodeChanged: 2,
  busDeviceReset: 3,
  nexusLoss: 4,
} as const satisfies Partial<Record<SenseName, number>>;

const unranked = [
  "notReadyToReadyChange",
  "importExportAccessed",
  "dataTransferElementRemoved",
  "dataTransferElementInserted",
  "modeParametersChanged",
  "dataEncryptionParametersChanged",
  "logParametersChanged",
  "reservationsPreempted",
  "reservationsReleased",
  "registrationsPreempted",
  "timestampChanged",
  "failurePredicted",
  "targetOperatingConditionsChanged",
  "inquiryDataChanged",
  "deviceIdentifierChanged",
  "reportedLunsDataChanged",
] as const satisfies readonly SenseName[];

export type UnitAttention = keyof typeof ranks | (typeof unranked)[number];

/** A rank below all that have one. */
const lastRank = Object.keys(ranks).length;

const rankByName: ReadonlyMap<string, number> = new Map(Object.entries(ranks));

const rankOf = (attention: UnitAttention): number => rankByName.get(attention) ?? lastRank;

const isReset = (attention: UnitAttention): boolean =>
  attention in ranks && attention !== "microcodeChanged";

/** Nexuses remembered by their two ports, to tell a return (29/07) from a first visit (29/00). */
const knownPortsMax = 1024;

const portsOf = ({ initiatorPortName, portalGroupTag }: Nexus): string =>
  `${initiatorPortName} ${portalGroupTag}`;

export class UnitAttentions {
  readonly #pending = new Map<Nexus, UnitAttention[]>();
  readonly #knownPorts = new Set<string>();

  /** A nexus appears: it learns of the power on, or, when its port was here before, of the loss. */
  join(nexus: Nexus): void {
    if (this.#pending.has(nexus)) return;
    const known = this.#knownPorts.has(portsOf(nexus));
    this.#pending.set(nexus, [known ? "nexusLoss" : "powerOn"]);
    this.#knownPorts.add(portsOf(nexus));
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
    if (queue === undefined || queue.includes(attention)) return;
    const rank = rankOf(attention);
    if (isReset(attention)) {
      if (queue.some((pending) => isReset(pending) && rankOf(pending) < rank)) return;
      const kept = queue.filter((pending) => !isReset(pending));
      this.#pending.set(nexus, inOrder([...kept, attention]));
      return;
    }
    this.#pending.set(nexus, inOrder([...queue, attention]));
  }

  /** For every nexus but `except`. */
  establishForAll(attention: UnitAttention, except?: Nexus): void {
    this.establishWhere(attention, (nexus) => nexus !== except);
  }

  /** For every nexus it concerns. */
  establishWhere(attention: UnitAttention, concerns: (nexus: Nexus) => boolean): void {
    for (const nexus of this.#pending.keys()) {
      if (concerns(nexus)) this.establish(nexus, attention);
    }
  }

  /** For the nexus of that initiator port, when it is there. One that is not hears of its loss when it comes back. */
  establishForPort(portName: string, attention: UnitAttention): void {
    for (const nexus of this.#pending.keys()) {
      if (nexus.initiatorPortName === portName) this.establish(nexus, attention);
    }
  }

  /** Reports the first pending condition and clears it. */
  take(nexus: Nexus): UnitAttention | undefined {
    return this.#pending.get(nexus)?.shift();
  }

  /** The nexus has learned by itself what the condition tells (REPORT LUNS and 3F/0E, SAM-5 5.14.7). */
  clear(nexus: Nexus, attention: UnitAttention): void {
    const queue = this.#pending.get(nexus);
    if (queue === undefined || queue.length === 0) return;
    this.#pending.set(
      nexus,
      queue.filter((pending) => pending !== attention),
    );
  }

  /** The initiator ports that are here now. */
  ports(): readonly string[] {
    return [...this.#pending.keys()].map((nexus) => nexus.initiatorPortName);
  }
}

const inOrder = (queue: UnitAttention[]): UnitAttention[] =>
  queue.sort((one, other) => rankOf(one) - rankOf(other));
