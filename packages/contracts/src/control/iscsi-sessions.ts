/** The iSCSI sessions of a gateway, and where logins to a target are sent instead. */
import { z } from "zod";
import { byteCount } from "../ids.ts";
import { controlTargetAccess } from "./iscsi-access.ts";

export const iscsiSession = z.object({
  /** Target session identifying handle: names the session while it lasts. */
  tsih: z.int(),
  sessionType: z.enum(["Normal", "Discovery"]),
  initiatorName: z.string(),
  initiatorAlias: z.string().nullable(),
  isid: z.string(),
  /** `host:port` of the initiator, and of ours to which it came. */
  remoteAddress: z.string(),
  portalAddress: z.string(),
  portalGroupTag: z.int(),
  targetName: z.string().nullable(),
  /** The name proven by CHAP; null: nothing had to be proven. */
  chapName: z.string().nullable(),
  /** What the login agreed on, as the keys of RFC 7143 13. */
  keys: z.object({
    HeaderDigest: z.enum(["None", "CRC32C"]),
    DataDigest: z.enum(["None", "CRC32C"]),
    InitialR2T: z.boolean(),
    ImmediateData: z.boolean(),
    FirstBurstLength: z.int(),
    MaxBurstLength: z.int(),
    MaxOutstandingR2T: z.int(),
    ErrorRecoveryLevel: z.int(),
    /** What the initiator takes in one PDU. */
    MaxRecvDataSegmentLength: z.int(),
  }),
  commands: z.int(),
  /** Commands that have no answer yet. */
  commandsOutstanding: z.int(),
  /** Payload from the initiator, and to it. */
  receivedBytes: byteCount,
  sentBytes: byteCount,
  protocolErrors: z.int(),
  startedAt: z.iso.datetime(),
  /** Since the last command began or ended. */
  idleSeconds: z.int(),
});
export type IscsiSession = z.infer<typeof iscsiSession>;

/** GET. */
export const controlSessions = {
  path: "/control/v1/iscsi/sessions",
  response: z.object({ sessions: z.array(iscsiSession) }),
} as const;

/** GET; DELETE: asks the initiator to log out, and closes when it does not. */
export const controlSession = {
  path: "/control/v1/iscsi/sessions/:tsih",
  params: z.object({ tsih: z.coerce.number().int().min(1).max(0xffff) }),
} as const;

/** Where logins to a target are sent instead (RFC 7143 11.13.5: status 0101, or 0102 when permanent). */
export const targetRedirect = z.strictObject({
  address: z
    .string()
    .max(300)
    .regex(/^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$/, "is not host:port or [ipv6]:port"),
  permanent: z.boolean().default(false),
});
export type TargetRedirect = z.infer<typeof targetRedirect>;

export const targetRedirectView = z.object({
  targetName: z.string(),
  redirect: z.object({ address: z.string(), permanent: z.boolean() }).nullable(),
});
export type TargetRedirectView = z.infer<typeof targetRedirectView>;

/** GET, PUT and DELETE. */
export const controlTargetRedirect = {
  path: "/control/v1/iscsi/targets/:targetName/redirect",
  params: controlTargetAccess.params,
} as const;
