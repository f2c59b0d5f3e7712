/** The iSCSI targets of a gateway at a glance: what each is, who may log in, who is. */
import { z } from "zod";
import { targetAccessView } from "./iscsi-access.ts";
import { targetRedirectView } from "./iscsi-sessions.ts";

export const iscsiTarget = z.object({
  targetName: z.string(),
  library: z.string(),
  device: z.enum(["changer", "drive"]),
  /** Of a drive. */
  elementAddress: z.int().nullable(),
  access: targetAccessView.omit({ targetName: true }),
  redirect: targetRedirectView.shape.redirect,
  /** TSIHs of the sessions on it. */
  sessions: z.array(z.int()),
});
export type IscsiTargetView = z.infer<typeof iscsiTarget>;

/** Of REELHOUSE_ISCSI_ACCESS_FILE. `faults`: why its rules of before hold; empty: what it says now holds. */
export const accessFileView = z.object({
  faults: z.array(z.string()),
  /** When the rules that hold were read. */
  readAt: z.iso.datetime(),
});

/** GET. */
export const controlTargets = {
  path: "/control/v1/iscsi/targets",
  response: z.object({
    targets: z.array(iscsiTarget),
    /** Null: there is none. */
    accessFile: accessFileView.nullable(),
  }),
} as const;
