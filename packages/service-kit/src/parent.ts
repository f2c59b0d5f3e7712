/**
 * A service and the launcher that may have started it (services/standalone): over Node's IPC channel the child says
 * that it is ready and where it listens, and learns by the channel's end that its parent died. Without a channel
 * (compose, systemd) both do nothing.
 */
import { z } from "zod";
import type { Lifecycle } from "./lifecycle.ts";

/** What a child says once it is ready: addresses as `host:port`, as they really are. */
export const readyReport = z.object({
  ready: z.literal(true),
  iscsi: z.string().optional(),
  control: z.string().optional(),
  targets: z.array(z.string()).optional(),
  api: z.string().optional(),
  ops: z.string().optional(),
  cloud: z.string().optional(),
});
export type ReadyReport = z.infer<typeof readyReport>;

/** Tells the launcher, if there is one. */
export const reportReady = (report: Omit<ReadyReport, "ready">): void => {
  if (process.connected) process.send?.({ ready: true, ...report } satisfies ReadyReport);
};

/** A parent killed by SIGKILL cannot stop its children: they see the channel close and stop themselves. */
export const stopWhenParentDies = (lifecycle: Pick<Lifecycle, "stop">): void => {
  if (process.channel === undefined) return;
  process.once("disconnect", () => void lifecycle.stop("the launcher is gone"));
};
