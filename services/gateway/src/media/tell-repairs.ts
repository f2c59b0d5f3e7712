/** What was found when a volume was opened, for the operator: nothing for a sound one, a warning for a cut tail. */
import type { RepairReport } from "@reelhouse/medium";
import type { Logger } from "@reelhouse/service-kit";

export function tellRepairs(logger: Logger, barcode: string, report: RepairReport): void {
  const { logBytesCut, cuts, segmentsDropped, segmentsLost } = report;
  const line = { event: "media.opened", barcode, report };
  if (segmentsLost.length > 0) {
    logger.error(
      line,
      `${barcode}: ${segmentsLost.length} segment files are gone that never were in the store; their blocks are unreadable`,
    );
  } else if (logBytesCut > 0 || cuts.length > 0 || segmentsDropped.length > 0) {
    logger.warn(line, `${barcode}: cut what a crash left half written after the last filemark`);
  } else {
    logger.debug(line, `${barcode}: opened`);
  }
}

export const tellDamage = (logger: Logger, barcode: string, error: unknown): void =>
  logger.error(
    { event: "media.damaged", barcode, error: String(error) },
    `${barcode} cannot be opened and stays as it is; the other tapes are not concerned`,
  );
