/** Who was refused lately at the iSCSI portals, and why: what a log line said, kept for whoever asks. Never a secret. */
import { z } from "zod";

export const iscsiRefusal = z.object({
  /** A login that was refused, or a connection that was closed before one. */
  kind: z.enum(["login", "connection"]),
  /** `host:port`, or the host alone, of the last time. */
  remoteAddress: z.string(),
  initiatorName: z.string().nullable(),
  /** As the initiator asked for it. */
  targetName: z.string().nullable(),
  /** A login's status in RFC 7143's words (11.13.5), or the limit that a connection met. */
  status: z.string(),
  /** For people, of the last time. */
  reason: z.string(),
  /** The same has happened so often. */
  count: z.int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});
export type IscsiRefusal = z.infer<typeof iscsiRefusal>;

/** GET: newest first. */
export const controlRefusals = {
  path: "/control/v1/iscsi/refusals",
  response: z.object({ refusals: z.array(iscsiRefusal) }),
} as const;
