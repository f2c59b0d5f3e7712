/** Tells of connections that were refused: all are counted, and one log line a source and minute says so. */
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Refusal } from "./admission.ts";
import { sourceOf } from "./source-address.ts";

const tellAgainMs = 60_000;
/** A flood from many addresses is told of by its first ones. */
const sourcesMax = 256;

export const refusalReasons: Readonly<Record<Refusal, string>> = {
  connectionRate: "it connects too often",
  refusedLogins: "too many of its logins were refused",
  halfOpen: "too many of its connections have not logged in",
  connections: "there are as many sessions as there is room for",
};

export interface RefusedConnections {
  tell(remoteAddress: string, refusal: Refusal, nowMs: number): void;
  /** One without a session was reset to make room for another. */
  displaced(): void;
}

export function createRefusedConnections(logger: Logger, metrics: Metrics): RefusedConnections {
  const counter = metrics.counter(
    "iscsi_connections_refused_total",
    "Connections that were closed at once, by the limit they met.",
    ["reason"],
  );
  const displacements = metrics.counter(
    "iscsi_connections_displaced_total",
    "Connections without a session that were reset to make room for others.",
    [],
  );
  const toldMs = new Map<string, number>();
  return {
    displaced: () => displacements.inc(),
    tell(remoteAddress, refusal, nowMs) {
      counter.inc({ reason: refusal });
      const source = sourceOf(remoteAddress);
      for (const [each, atMs] of toldMs) if (nowMs - atMs >= tellAgainMs) toldMs.delete(each);
      if (toldMs.has(source) || toldMs.size >= sourcesMax) return;
      toldMs.set(source, nowMs);
      logger.warn(
        { event: "portal.connection-refused", remoteAddress, refusal },
        `connections from ${source} are refused: ${refusalReasons[refusal]}`,
      );
    },
  };
}
