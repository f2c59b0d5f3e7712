/** One connection of an initiator: its socket, read into slabs, joined to its protocol in packages/iscsi. */
import type net from "node:net";
import type { Connection, IscsiTarget, TargetPortal } from "@reelhouse/iscsi";
import { formatAddress } from "@reelhouse/service-kit";
import type { Logger } from "@reelhouse/service-kit";
import type { InitiatorMemory } from "./initiator-memory.ts";
import type { SlabBudget } from "./slab-pool.ts";
import { adoptSocket } from "./slab-socket.ts";
import type { Turns } from "./turns.ts";
import { sourceOf } from "./source-address.ts";

/**
 * What initiators get to log out when we stop, and a socket to take what we sent: open-iscsi needs milliseconds, and a
 * whole stop may take ten seconds.
 */
export const drainMs = 2000;

/** An idle connection is probed so often, so that one whose host vanished ends. */
const keepAliveMs = 30_000;

export interface ServeOptions {
  readonly target: IscsiTarget;
  readonly budget: SlabBudget;
  readonly turns: Turns;
  readonly memory: InitiatorMemory;
  readonly portalGroupTag: number;
  readonly announced: readonly TargetPortal[];
  readonly logger: Logger;
}

export interface Served {
  readonly socket: net.Socket;
  readonly connection: Connection;
}

/** Takes an accepted socket over and serves it until it closes. */
export function serveConnection(
  accepted: net.Socket,
  { target, budget, turns, memory, portalGroupTag, announced, logger }: ServeOptions,
): Served {
  const remoteAddress = formatAddress({
    host: accepted.remoteAddress ?? "",
    port: accepted.remotePort ?? 0,
  });
  const localAddress = formatAddress({
    host: accepted.localAddress ?? "",
    port: accepted.localPort ?? 0,
  });
  const source = sourceOf(accepted.remoteAddress ?? "");
  let counted = false;
  const slabSocket = adoptSocket(
    accepted,
    { budget, turns },
    {
      receive: (chunk, slab) => {
        connection.receive(chunk, slab);
        if (counted || connection.initiatorName === undefined) return;
        counted = true;
        const groups = memory.groups(connection.initiatorName, source);
        for (const group of groups) budget.join(group);
      },
      hasLoggedIn: () => counted,
    },
  );
  const { socket } = slabSocket;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  const connection = target.accept({
    localAddress,
    remoteAddress,
    source,
    portalGroupTag,
    announced,
    send: slabSocket.send,
    isHeldBack: () => slabSocket.isHeldBack,
    isTaking: () => slabSocket.isTaking(),
    close: (reason) => {
      logger.debug(
        { event: "portal.close", remote: remoteAddress, reason },
        "closing a connection",
      );
      socket.end();
      setTimeout(() => socket.destroy(), drainMs).unref();
    },
  });
  socket.on("error", (error) =>
    logger.debug({ event: "portal.socket-error", error: error.message }, "a connection broke"),
  );
  socket.on("end", () => socket.end());
  socket.once("close", () => connection.closed());
  return { socket, connection };
}
