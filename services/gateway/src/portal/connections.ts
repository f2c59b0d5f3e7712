/** The open connections, and which of them may be: those without a session are few, and give way to one another. */
import type net from "node:net";
import type { Connection } from "@reelhouse/iscsi";
import type { Admission, Refusal } from "./admission.ts";
import type { PortalLimits } from "./portal-limits.ts";
import { sourceOf } from "./source-address.ts";

interface Open {
  readonly source: string;
  readonly connection: Pick<Connection, "state">;
}
type Entry = readonly [net.Socket, Open];

export interface Connections {
  readonly size: number;
  /** Connections whose login is not complete. */
  readonly halfOpenCount: number;
  /** Why one more from there may not be; when it may, one without a session may have made room for it. */
  admit(remoteAddress: string, nowMs: number): Refusal | undefined;
  /** Ends logins that are not complete: they began by rules that hold no more, and their hosts begin again. */
  dropHalfOpen(): void;
  add(socket: net.Socket, remoteAddress: string, connection: Connection): void;
  [Symbol.iterator](): IterableIterator<readonly [net.Socket, Connection]>;
}

export interface ConnectionsOptions {
  readonly admission: Pick<Admission, "connect">;
  readonly limits: Pick<PortalLimits, "halfOpenMax" | "halfOpenPerAddressMax" | "connectionsMax">;
  /** One without a session was reset to make room for another. */
  readonly displaced: () => void;
}

type Stage = "halfOpen" | "session" | "closing";

/** Closing: refused, broken or logged out, while what was said last is on its way. */
const stageOf = ({ connection: { state } }: Open): Stage => {
  if (state === "XPT_UP" || state === "IN_LOGIN") return "halfOpen";
  return state === "FREE" ? "closing" : "session";
};

interface Crowd {
  count: number;
  readonly oldest: net.Socket;
}

/** What stands in a newcomer's way. One pass: this is asked at each connection, and a flood makes thousands a second. */
interface Survey {
  /** Without a session. */
  readonly waitingCount: number;
  /** Half-open ones of the newcomer's source. */
  readonly ownCount: number;
  /** Whom one misses least: whose word was said, then the oldest of the source with the most; a login that goes on is neither. */
  readonly leastMissed: net.Socket | undefined;
}

function survey(open: Iterable<Entry>, newcomer: string): Survey {
  const crowds = new Map<string, Crowd>();
  let waitingCount = 0;
  let closing: net.Socket | undefined;
  let most: Crowd | undefined;
  for (const [socket, each] of open) {
    const stage = stageOf(each);
    if (stage === "session") continue;
    waitingCount += 1;
    if (stage === "closing") {
      closing ??= socket;
      continue;
    }
    const crowd = crowds.get(each.source) ?? { count: 0, oldest: socket };
    crowd.count += 1;
    crowds.set(each.source, crowd);
    if (most === undefined || crowd.count > most.count) most = crowd;
  }
  const ownCount = crowds.get(newcomer)?.count ?? 0;
  return { waitingCount, ownCount, leastMissed: closing ?? most?.oldest };
}

export function createConnections({
  admission,
  limits,
  displaced,
}: ConnectionsOptions): Connections {
  /** In order of age. */
  const open = new Map<net.Socket, Open & { readonly connection: Connection }>();
  const halfOpen = () => [...open].filter(([, each]) => stageOf(each) === "halfOpen");
  const drop = (socket: net.Socket): void => {
    // Its "close" comes later, and more connections may before it.
    open.delete(socket);
    // While a FIN is on its way to the kernel a reset fails, and the descriptor would be lost.
    if (socket.writableEnded) socket.destroy();
    else socket.resetAndDestroy();
  };

  return {
    get size() {
      return open.size;
    },
    get halfOpenCount() {
      return halfOpen().length;
    },
    admit(remoteAddress, nowMs) {
      const refusal = admission.connect(remoteAddress, nowMs);
      if (refusal !== undefined) return refusal;
      const source = sourceOf(remoteAddress);
      let found = survey(open, source);
      if (found.ownCount >= limits.halfOpenPerAddressMax) return "halfOpen";
      const sessionCount = open.size - found.waitingCount;
      const room = Math.min(limits.halfOpenMax, limits.connectionsMax - sessionCount);
      // More than one when sessions were closed meanwhile.
      for (; found.waitingCount >= room; found = survey(open, source)) {
        if (found.leastMissed === undefined) return "connections";
        drop(found.leastMissed);
        displaced();
      }
      return undefined;
    },
    dropHalfOpen() {
      for (const [socket] of halfOpen()) drop(socket);
    },
    add(socket, remoteAddress, connection) {
      open.set(socket, { source: sourceOf(remoteAddress), connection });
      socket.once("close", () => open.delete(socket));
    },
    *[Symbol.iterator]() {
      for (const [socket, { connection }] of open) yield [socket, connection];
    },
  };
}
