/** What the connections of each initiator hold together, and how many commands its sessions may have outstanding for it. */
import type { PortalLimits } from "./portal-limits.ts";
import { createSlabGroup } from "./slab-pool.ts";
import type { SharedSlabPool, SlabGroup } from "./slab-pool.ts";

/** Unsolicited data of a command (FirstBurstLength, 1 MiB) may lie in two slabs. */
const slabsPerCommand = 2;

/**
 * More would bring nothing: a drive works on one command, and a tape host keeps few outstanding. 32 commands with all
 * their unsolicited data fit into the slabs of a connection.
 */
const commandsMax = 32;

export interface InitiatorMemory {
  /** Of the initiator and of the address: names cost nothing where none has to be proven. */
  groups(initiatorName: string, source: string): readonly SlabGroup[];
  /**
   * MaxCmdSN of RFC 7143 4.2.2.1 as backpressure: what is free, of all memory and of this initiator's, shared among those
   * who are at work; at least one command, for a host without one can do nothing.
   */
  commandWindow(initiatorName: string): number;
  /** Forgets initiators that hold nothing. */
  tick(): void;
}

export function createInitiatorMemory(
  slabs: Pick<SharedSlabPool, "slabsMax" | "heldCount" | "busyCount">,
  { slabsPerInitiatorMax }: Pick<PortalLimits, "slabsPerInitiatorMax">,
): InitiatorMemory {
  const groups = new Map<string, SlabGroup>();
  const group = (key: string): SlabGroup => {
    const known = groups.get(key);
    if (known !== undefined) return known;
    const made = createSlabGroup(slabsPerInitiatorMax);
    groups.set(key, made);
    return made;
  };
  return {
    // No iSCSI name begins so.
    groups: (initiatorName, source) => [group(initiatorName), group(`from ${source}`)],
    commandWindow(initiatorName) {
      const { slabsMax: ownMax, heldCount: ownHeld } = group(initiatorName);
      const freeSlabs = Math.min(slabs.slabsMax - slabs.heldCount, ownMax - ownHeld);
      const commands = Math.floor(freeSlabs / slabsPerCommand / Math.max(slabs.busyCount, 1));
      return Math.min(Math.max(commands, 1), commandsMax);
    },
    tick() {
      for (const [name, { heldCount }] of groups) if (heldCount === 0) groups.delete(name);
    },
  };
}
