/** REST resource: the audit, which is who changed what over the API and what came of it. Never a secret. */
import { z } from "zod";

export const auditEntry = z.object({
  /** Grows; a string, for it is no number to count with. */
  id: z.string(),
  askedAt: z.iso.datetime(),
  principal: z.string(),
  remoteAddress: z.string(),
  requestId: z.string(),
  /** `tape.create`, `iscsi.access.set`, … */
  action: z.string(),
  /** What it was done to: a barcode, a library, a target. */
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
  /** `OK` or an error's code; null: under way, or the service died over it. */
  outcome: z.string().nullable(),
  answeredAt: z.iso.datetime().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
