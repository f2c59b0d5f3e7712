/**
 * The iSCSI portals: TCP connections of initiators, joined to the pure protocol of packages/iscsi.
 *
 * Each connection reads into slabs of its own budget. When the budget is spent, because payload waits for a disk or
 * for its turn, the connection is not read: TCP holds the initiator back, and memory stays bounded.
 */
import net from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { IscsiTarget } from "@reelhouse/iscsi";
import type { Logger, PortalAddress } from "@reelhouse/service-kit";
import type { Admission } from "./admission.ts";
import { announcedPortals } from "./announced-portals.ts";
import { createConnections } from "./connections.ts";
import type { Connections } from "./connections.ts";
import type { InitiatorMemory } from "./initiator-memory.ts";
import { listenAll } from "./listen-all.ts";
import type { PortalLimits } from "./portal-limits.ts";
import type { RefusedConnections } from "./refused-connections.ts";
import { drainMs, serveConnection } from "./serve-connection.ts";
import type { SharedSlabPool } from "./slab-pool.ts";
import { createTurns } from "./turns.ts";
import type { Turns } from "./turns.ts";

/**
 * Slabs one connection may hold: the unsolicited data of a whole command window (32 commands × 1 MiB, which may lie in
 * 64), and the solicited data of the longest block.
 */
const slabsPerConnectionMax = 80;

/** How often the target looks at the clock: login time limits, its own NOP-In, nexuses nobody came back for. */
const tickMs = 1000;

export interface Portals {
  /** Where they really listen, in the order of the settings. */
  readonly addresses: readonly PortalAddress[];
  readonly connectionCount: number;
  readonly halfOpenCount: number;
  /** Ends logins that are not complete; their hosts begin again. */
  dropHalfOpen(): void;
  /** Refuses new connections, asks initiators to log out, and closes what is left after a time limit. */
  close(): Promise<void>;
}

export interface PortalOptions {
  readonly listen: readonly PortalAddress[];
  /** What discovery names; undefined: where each initiator can reach us. */
  readonly announce: readonly PortalAddress[] | undefined;
  readonly target: IscsiTarget;
  readonly slabs: SharedSlabPool;
  readonly memory: InitiatorMemory;
  readonly limits: PortalLimits;
  readonly admission: Admission;
  readonly refused: RefusedConnections;
  readonly logger: Logger;
  /** Once a second. */
  tick(nowMs: number): void;
}

/** Throws ConfigError when nobody may listen there. */
export async function openPortals(options: PortalOptions): Promise<Portals> {
  const { target, admission, memory, limits, logger } = options;
  const connections = createConnections({
    admission,
    limits,
    displaced: () => options.refused.displaced(),
  });
  const turns = createTurns();
  const accept = (accepted: net.Socket, portal: PortalAddress): void =>
    acceptConnection(accepted, portal, addresses, { ...options, connections, turns });
  const { servers, addresses } = await listenAll(options.listen, accept, (error) =>
    logger.error({ event: "portal.error", error: error.message }, "a portal cannot accept"),
  );
  const ticker = setInterval(() => {
    const nowMs = performance.now();
    target.tick(nowMs);
    admission.tick(nowMs);
    memory.tick();
    options.tick(nowMs);
  }, tickMs);

  return {
    addresses,
    get connectionCount() {
      return connections.size;
    },
    get halfOpenCount() {
      return connections.halfOpenCount;
    },
    dropHalfOpen: () => connections.dropHalfOpen(),
    async close() {
      for (const server of servers) server.close();
      await drain(connections);
      clearInterval(ticker);
      for (const [socket] of connections) socket.destroy();
      while (connections.size > 0) await delay(5);
    },
  };
}

function acceptConnection(
  accepted: net.Socket,
  portal: PortalAddress,
  portals: readonly PortalAddress[],
  options: PortalOptions & { readonly connections: Connections; readonly turns: Turns },
): void {
  const { target, slabs, turns, memory, announce, connections, refused, logger } = options;
  const remoteAddress = accepted.remoteAddress ?? "";
  const nowMs = performance.now();
  const refusal = connections.admit(remoteAddress, nowMs);
  if (refusal !== undefined) {
    refused.tell(remoteAddress, refusal, nowMs);
    accepted.resetAndDestroy();
    return;
  }
  const localHost = accepted.localAddress ?? portal.host;
  const { socket, connection } = serveConnection(accepted, {
    target,
    budget: slabs.budget(slabsPerConnectionMax),
    turns,
    memory,
    portalGroupTag: portal.portalGroupTag,
    announced: announcedPortals({ localHost, portal }, portals, announce),
    logger,
  });
  connections.add(socket, remoteAddress, connection);
}

/** Asks initiators to log out, and waits until they have or the time is over. */
async function drain(connections: Connections): Promise<void> {
  for (const [, connection] of connections) connection.drain();
  const deadlineMs = performance.now() + drainMs;
  while (connections.size > 0 && performance.now() < deadlineMs) await delay(20);
}
