/** What a tape's removal changes: its row stays as DELETED, it is in no element, and nothing of it is in the cache. */
import type { Transaction } from "../database.ts";

/** False when the catalogue has no such tape. Harmless when done twice. */
export async function removeTape(
  transaction: Transaction,
  { library, barcode }: { readonly library: string; readonly barcode: string },
  at: Date,
): Promise<boolean> {
  const where = { library, barcode };
  await transaction.element.deleteMany({ where });
  await transaction.segment.updateMany({
    where: { ...where, uploadedAt: null, droppedAt: null },
    data: { droppedAt: at },
  });
  await transaction.segment.updateMany({
    where: { ...where, inCache: true },
    data: { inCache: false },
  });
  const { count } = await transaction.tape.updateMany({
    where: { ...where, status: { not: "DELETED" } },
    data: { status: "DELETED", cachedBytes: 0n, pendingBytes: 0n, updatedAt: at, deletedAt: at },
  });
  return count > 0 || (await transaction.tape.count({ where })) > 0;
}
