/**
 * Files this process may have open (`ulimit -n`), and how many of them may be connections. Past the limit Linux gives us no
 * socket to refuse and no file to write to, so that a flood of connections must end before it.
 */
import { readFile } from "node:fs/promises";
import type { Logger } from "@reelhouse/service-kit";
import type { PortalLimits } from "./portal-limits.ts";

/** Cartridges in drives, state files, links to the neighbours: what a library of 64 drives has open, twice. */
const filesMin = 512;
/** Connections may take half, where that is less than they would otherwise. */
const connectionsShare = 0.5;

/** Undefined where there is no /proc: not Linux. */
export async function readDescriptorsMax(): Promise<number | undefined> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** The limits, with as many connections as there are files for; a log line says when that is fewer. */
export function fitToDescriptors(
  limits: PortalLimits,
  descriptorsMax: number | undefined,
  logger: Logger,
): PortalLimits {
  const wanted = limits.connectionsMax + filesMin;
  if (descriptorsMax === undefined || descriptorsMax >= wanted) return limits;
  const share = Math.floor(descriptorsMax * connectionsShare);
  const connectionsMax = Math.min(limits.connectionsMax, share);
  logger.warn(
    { event: "portal.few-descriptors", descriptorsMax, connectionsMax },
    `this process may open ${descriptorsMax} files; initiators get ${connectionsMax} connections. To fix: ulimit -n ${wanted} or more (LimitNOFILE= in systemd, ulimits: nofile: in compose)`,
  );
  return { ...limits, connectionsMax };
}
