/** Reading the audit, newest first. */
import type { AuditEntry } from "@reelhouse/contracts";
import { z } from "zod";
import type { Audit } from "../../generated/prisma/client.ts";
import type { Database } from "../database.ts";

const details = z.record(z.string(), z.unknown());

const entryOf = (row: Audit): AuditEntry => ({
  id: String(row.id),
  askedAt: row.askedAt.toISOString(),
  principal: row.principal,
  remoteAddress: row.remoteAddress,
  requestId: row.requestId,
  action: row.action,
  subject: row.subject,
  details: details.parse(row.details),
  outcome: row.outcome,
  answeredAt: row.answeredAt?.toISOString() ?? null,
});

export interface AuditPage {
  readonly subject: string | undefined;
  readonly action: string | undefined;
  /** The last entry of the page before. */
  readonly after: bigint | null;
  readonly limit: number;
}

/** One page; one entry more than `limit` when there is a next page. */
export async function listAudit(
  database: Database,
  { subject, action, after, limit }: AuditPage,
): Promise<AuditEntry[]> {
  const rows = await database.audit.findMany({
    where: {
      ...(subject === undefined ? {} : { subject }),
      ...(action === undefined ? {} : { action }),
      ...(after === null ? {} : { id: { lt: after } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return rows.map((row) => entryOf(row));
}
