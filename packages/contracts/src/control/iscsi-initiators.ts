/** The initiators that have logged in since the gateway began, and when they last did. */
import { z } from "zod";

export const iscsiInitiator = z.object({
  initiatorName: z.string(),
  initiatorAlias: z.string().nullable(),
  /** Since the gateway began, or since it forgot the name for newer ones. */
  logins: z.int(),
  lastLoginAt: z.iso.datetime(),
  /** `host:port` of the last login. */
  lastAddress: z.string(),
  /** Null: it was a discovery. */
  lastTargetName: z.string().nullable(),
  /** TSIHs of the sessions it has now. */
  sessions: z.array(z.int()),
});
export type IscsiInitiator = z.infer<typeof iscsiInitiator>;

/** GET: last login first. */
export const controlInitiators = {
  path: "/control/v1/iscsi/initiators",
  response: z.object({ initiators: z.array(iscsiInitiator) }),
} as const;
