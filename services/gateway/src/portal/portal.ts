/**
 * The iSCSI portal: TCP connections of initiators, joined to the pure protocol of packages/iscsi.
 *
 * Each connection reads into slabs of its own budget. When the budget is spent, because payload waits for a disk or
 * for its turn, the connection is not read: TCP holds the initiator back, and memory stays bounded.
 */
import net from "node:net";
import type { AddressInfo } from "node:net";
import type { Connection, IscsiTarget } from "@reelhouse/iscsi";
import type { Logger } from "@reelhouse/service-kit";
import { formatAddress } from "@reelhouse/service-kit";
import type { ListenAddress } from "@reelhouse/service-kit";
import type { createSlabPool } from "./slab-pool.ts";
import { adoptSocket } from "./slab-socket.ts";

/**
 * Slabs one connection may hold: the unsolicited data of a whole command window (32 commands × 256 KiB = 8 MiB), the
 * solicited data of two 8 MiB blocks, 8 MiB staged before the disk, and as much again for slabs that are pinned by a part.
 */
const slabsPerConnectionMax = 80;

/** With an idle connection holding one slab each, 256 MiB; far more sessions than a library of 64 drives can have. */
const connectionsMax = 256;

/** How often connections look at the clock: login time limits and the target's own NOP-In. */
const tickMs = 1000;

/**
 * What initiators get to log out when we stop, and a socket to take what we sent: open-iscsi needs milliseconds, and a
 * whole stop may take ten seconds.
 */
export const drainMs = 2000;

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

export async function openPortal({
  listen,
  target,
  slabs,
  logger,
}: PortalOptions): Promise<Portal> {
  const open = new Map<net.Socket, Connection>();

  const serve = (accepted: net.Socket) => {
    if (open.size >= connectionsMax) {
      logger.warn(
        { event: "portal.full", connectionsMax },
        "a connection was refused: too many are open",
      );
      accepted.destroy();
      return;
    }
    const remote = { host: accepted.remoteAddress ?? "", port: accepted.remotePort ?? 0 };
    const local = { host: accepted.localAddress ?? "", port: accepted.localPort ?? 0 };
    const socket = adoptSocket(accepted, slabs.budget(slabsPerConnectionMax), {
      receive: (chunk, slab) => connection.receive(chunk, slab),
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    const connection = target.accept({
      localAddress: formatAddress(local),
      remoteAddress: formatAddress(remote),
      send: (views, sent) => sendViews(socket, views, sent),
      close: (reason) => {
        logger.debug(
          { event: "portal.close", remote: formatAddress(remote), reason },
          "closing a connection",
        );
        socket.end();
        setTimeout(() => socket.destroy(), drainMs).unref();
      },
    });
    open.set(socket, connection);
    socket.on("error", (error) =>
      logger.debug({ event: "portal.socket-error", error: error.message }, "a connection broke"),
    );
    socket.on("end", () => socket.end());
    socket.once("close", () => {
      open.delete(socket);
      connection.closed();
    });
  };

  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: false }, serve);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, resolve);
  });
  server.on("error", (error) =>
    logger.error({ event: "portal.error", error: error.message }, "the portal cannot accept"),
  );
  const ticker = setInterval(() => {
    const nowMs = performance.now();
    for (const connection of open.values()) connection.tick(nowMs);
  }, tickMs);
  const { address, port } = server.address() as AddressInfo;

  return {
    address: { host: address, port },
    get connectionCount() {
      return open.size;
    },
    async close() {
      server.close();
      for (const connection of open.values()) connection.drain();
      const deadlineMs = performance.now() + drainMs;
      while (open.size > 0 && performance.now() < deadlineMs)
        await new Promise((resolve) => setTimeout(resolve, 20));
      clearInterval(ticker);
      for (const socket of open.keys()) socket.destroy();
      while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

/** One `writev` a PDU; `sent` after the transport took the last byte, or will never take it. */
function sendViews(socket: net.Socket, views: readonly Uint8Array[], sent?: () => void): void {
  if (socket.destroyed || !socket.writable) {
    sent?.();
    return;
  }
  socket.cork();
  for (const [index, view] of views.entries()) {
    if (index === views.length - 1 && sent !== undefined) socket.write(view, sent);
    else socket.write(view);
  }
  process.nextTick(() => socket.uncork());
}
