/** The open connections, and which of them may be: those that have not logged in are few, and give way to one another. */
import type net from "node:net";
import type { Connection } from "@reelhouse/iscsi";
import type { Admission, Refusal } from "./admission.ts";
import type { PortalLimits } from "./portal-limits.ts";
import { sourceOf } from "./source-address.ts";

interface Open {
  readonly source: string;
  readonly connection: Connection;
}

export interface Connections {
  readonly size: number;
  /** Connections whose login is not complete. */
  readonly halfOpenCount: number;
  /** Why one more from there may not be; when it may, the oldest half-open one may have made room for it. */
  admit(remoteAddress: string, nowMs: number): Refusal | undefined;
  /** Ends logins that are not complete: they began by rules that hold no more, and their hosts begin again. */
  dropHalfOpen(): void;
  add(socket: net.Socket, remoteAddress: string, connection: Connection): void;
  [Symbol.iterator](): IterableIterator<readonly [net.Socket, Connection]>;
}

const isHalfOpen = ({ connection: { state } }: Open): boolean =>
  state === "XPT_UP" || state === "IN_LOGIN";

export function createConnections(
  admission: Admission,
  limits: Pick<PortalLimits, "halfOpenMax" | "halfOpenPerAddressMax">,
): Connections {
  /** In order of age. */
  const open = new Map<net.Socket, Open>();
  const halfOpen = () => [...open].filter(([, each]) => isHalfOpen(each));

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
      const waiting = halfOpen();
      const bySource = Map.groupBy(waiting, ([, { source }]) => source);
      const own = bySource.get(sourceOf(remoteAddress)) ?? [];
      if (own.length >= limits.halfOpenPerAddressMax) return "halfOpen";
      if (waiting.length < limits.halfOpenMax) return undefined;
      const [most] = [...bySource.values()].toSorted((one, other) => other.length - one.length);
      most?.[0]?.[0].resetAndDestroy();
      return undefined;
    },
    dropHalfOpen() {
      for (const [socket] of halfOpen()) socket.resetAndDestroy();
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
