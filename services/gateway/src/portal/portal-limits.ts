/** What the portals allow, each with its reason. A host that behaves never meets one of these. */
import type { Rate } from "./token-bucket.ts";

export interface PortalLimits {
  /**
   * Connections from one source address: a host that comes back to 64 drives and a changer over two portals at once
   * makes 130, and open-iscsi tries again once a second each.
   */
  readonly connectionRate: Rate;
  /**
   * Logins of one source address that could not prove who they are or may not do what they ask: guessing secrets is held
   * to one in two seconds, a host with a wrong secret for all its 65 targets is heard once for each.
   */
  readonly refusedLoginRate: Rate;
  /** Connections of one source address that have not logged in yet: a login takes milliseconds, and 65 may begin at once. */
  readonly halfOpenPerAddressMax: number;
  /**
   * Of all addresses, with those that were refused and are being closed, which go first; beyond it the oldest of whoever
   * has the most gives way, so that a login that goes on gets through.
   */
  readonly halfOpenMax: number;
  /** Sessions of all initiators: four for each device of a full library of 64 drives. */
  readonly sessionsMax: number;
  /** Sessions of one address: the same, for names cost nothing where none has to be proven. */
  readonly sessionsPerAddressMax: number;
  /** Discovery sessions of all: `SendTargets` takes milliseconds. Beyond it the oldest of whoever has the most gives way. */
  readonly discoverySessionsMax: number;
  /** Connections of all kinds: the three above. Fewer where the process may not open so many files (descriptors.ts). */
  readonly connectionsMax: number;
  /** Sessions of one initiator: two paths to each of 64 drives and the changer, and some for discovery and returns. */
  readonly sessionsPerInitiatorMax: number;
  /**
   * Slabs (MiB) that the connections of one initiator, and of one address, may hold together before those past their floor wait: four drives
   * with all that a connection may hold, eight with what a stream needs.
   */
  readonly slabsPerInitiatorMax: number;
  /** Of all connections and drives. Half of the memory that docker-compose.yml gives the gateway by default. */
  readonly slabsMax: number;
}

const halfOpenMax = 256;
const sessionsMax = 256;
const discoverySessionsMax = 64;

export const defaultPortalLimits: PortalLimits = {
  connectionRate: { burst: 256, perSecond: 64 },
  refusedLoginRate: { burst: 66, perSecond: 0.5 },
  halfOpenPerAddressMax: 130,
  halfOpenMax,
  sessionsMax,
  sessionsPerAddressMax: 140,
  discoverySessionsMax,
  connectionsMax: sessionsMax + discoverySessionsMax + halfOpenMax,
  sessionsPerInitiatorMax: 140,
  slabsPerInitiatorMax: 320,
  slabsMax: 512,
};
