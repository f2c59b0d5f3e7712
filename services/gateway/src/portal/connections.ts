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

/** Whose word was said, then the oldest of the source that has the most: a login that goes on is neither. */
function leastMissed(waiting: readonly Entry[]): net.Socket | undefined {
  const closing = waiting.find(([, each]) => stageOf(each) === "closing");
  if (closing !== undefined) return closing[0];
  const bySource = [...Map.groupBy(waiting, ([, { source }]) => source).values()];
  return bySource.toSorted((one, other) => other.length - one.length)[0]?.[0]?.[0];
}

export function createConnections({
  admission,
  limits,
  displaced,
}: ConnectionsOptions): Connections {
  /** In order of age. */
  const open = new Map<net.Socket, Open & { readonly connection: Connection }>();
  const withoutSession = () => [...open].filter(([, each]) => stageOf(each) !== "session");
  const halfOpen = () => [...open].filter(([, each]) => stageOf(each) === "halfOpen");
  const drop = (socket: net.Socket): void => {
    // Its "close" comes later, and more connections may before it.
    open.delete(socket);
    socket.resetAndDestroy();
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
      const waiting = withoutSession();
      const own = waiting.filter(
        ([, each]) => each.source === source && stageOf(each) === "halfOpen",
      );
      if (own.length >= limits.halfOpenPerAddressMax) return "halfOpen";
      const sessionCount = open.size - waiting.length;
      if (waiting.length < Math.min(limits.halfOpenMax, limits.connectionsMax - sessionCount))
        return undefined;
      const leaving = leastMissed(waiting);
      if (leaving === undefined) return "connections";
      drop(leaving);
      displaced();
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
