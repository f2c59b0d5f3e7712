/**
 * The iSCSI portal: TCP connections of initiators, joined to the pure protocol of packages/iscsi.
 *
 * Each connection reads into slabs of its own budget. When the budget is spent, because payload waits for a disk or
 * for its turn, the connection is not read: TCP holds the initiator back, and memory stays bounded.
 */
import assert from "node:assert/strict";
import net from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Connection, IscsiTarget } from "@reelhouse/iscsi";
import type { ListenAddress, Logger } from "@reelhouse/service-kit";
import { drainMs, serveConnection } from "./serve-connection.ts";
import type { createSlabPool } from "./slab-pool.ts";

/**
 * Slabs one connection may hold: the unsolicited data of a whole command window (32 commands × 256 KiB = 8 MiB), the
 * solicited data of two 8 MiB blocks, 8 MiB staged before the disk, and as much again for slabs that are pinned by a part.
 */
const slabsPerConnectionMax = 80;

/** With an idle connection holding one slab each, 256 MiB; far more sessions than a library of 64 drives can have. */
const connectionsMax = 256;

/** How often the target looks at the clock: login time limits, its own NOP-In, nexuses nobody came back for. */
const tickMs = 1000;

export interface Portal {
  readonly address: ListenAddress;
  readonly connectionCount: number;
  /** Refuses new connections, asks initiators to log out, and closes what is left after a time limit. */
  close(): Promise<void>;
}

export interface PortalOptions {
  readonly listen: ListenAddress;
  readonly target: IscsiTarget;
  readonly slabs: ReturnType<typeof createSlabPool>;
  readonly logger: Logger;
}

type Connections = Map<net.Socket, Connection>;

/** Rejects when nobody may listen there. */
export async function openPortal({
  listen,
  target,
  slabs,
  logger,
}: PortalOptions): Promise<Portal> {
  const open: Connections = new Map();
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: false }, (accepted) => {
    if (open.size >= connectionsMax) {
      const line = { event: "portal.full", connectionsMax };
      logger.warn(line, "a connection was refused: too many are open");
      accepted.destroy();
      return;
    }
    const budget = slabs.budget(slabsPerConnectionMax);
    const { socket, connection } = serveConnection(accepted, { target, budget, logger });
    open.set(socket, connection);
    socket.once("close", () => open.delete(socket));
  });
  const address = await listening(server, listen);
  server.on("error", (error) =>
    logger.error({ event: "portal.error", error: error.message }, "the portal cannot accept"),
  );
  const ticker = setInterval(() => {
    target.tick(performance.now());
  }, tickMs);

  return {
    address,
    get connectionCount() {
      return open.size;
    },
    async close() {
      server.close();
      await drain(open);
      clearInterval(ticker);
      for (const socket of open.keys()) socket.destroy();
      while (open.size > 0) await delay(5);
    },
  };
}

/** Where the server really listens: port 0 becomes the port the system gave. */
async function listening(
  server: net.Server,
  { host, port }: ListenAddress,
): Promise<ListenAddress> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  assert(bound !== null && typeof bound === "object", "a listening TCP server has an address");
  return { host: bound.address, port: bound.port };
}

/** Asks initiators to log out, and waits until they have or the time is over. */
async function drain(open: Connections): Promise<void> {
  for (const connection of open.values()) connection.drain();
  const deadlineMs = performance.now() + drainMs;
  while (open.size > 0 && performance.now() < deadlineMs) await delay(20);
}
