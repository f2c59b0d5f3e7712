/** Who changed what over the API: a row before the deed, its outcome after it. No row, no deed. */
import type { Logger } from "@reelhouse/service-kit";
import { ServiceError } from "@reelhouse/service-kit";
import type { Database } from "../database.ts";
import { isDatabaseAway } from "../database.ts";

export interface Deed {
  readonly requestId: string;
  readonly principal: string;
  readonly action: string;
  readonly subject: string;
  /** What was asked, as JSON. Never a secret. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly remoteAddress: string;
}

const outcomeOf = (error: unknown): string => {
  if (error instanceof ServiceError) return error.code;
  return isDatabaseAway(error) ? "DATABASE_UNAVAILABLE" : "INTERNAL";
};

/** Does `work` with its row in the audit. An outcome that cannot be written is logged, and changes no answer. */
export async function audited<T>(
  database: Database,
  logger: Pick<Logger, "error">,
  deed: Deed,
  work: () => Promise<T>,
): Promise<T> {
  const { id } = await database.audit.create({
    data: { ...deed, askedAt: new Date() },
    select: { id: true },
  });
  const finish = async (outcome: string) => {
    try {
      await database.audit.update({ where: { id }, data: { outcome, answeredAt: new Date() } });
    } catch (error) {
      logger.error({ event: "audit-outcome-lost", auditId: String(id), outcome, err: error });
    }
  };
  try {
    const result = await work();
    await finish("OK");
    return result;
  } catch (error) {
    await finish(outcomeOf(error));
    throw error;
  }
}
