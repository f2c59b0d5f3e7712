/** library.described: the library as it stands. Replaces its drives and its occupied elements. */
import type { Transaction } from "../database.ts";
import type { EventHandler, EventOf } from "./event-handler.ts";

export const libraryDescribed: EventHandler<"library.described"> = async (context, body) => {
  const { transaction, gateway, at } = context;
  const { library, changer } = body;
  const row = {
    gateway,
    changerVendor: changer.vendor,
    changerProduct: changer.product,
    changerSerialNumber: changer.serialNumber,
    changerTargetName: changer.targetName,
    ranges: body.ranges,
    describedAt: at,
  };
  const known = await transaction.library.findUnique({ where: { name: library } });
  if (known !== null && known.gateway !== gateway) {
    context.surprise("library has another gateway now", { library, before: known.gateway });
  }
  await transaction.library.upsert({
    where: { name: library },
    create: { name: library, ...row },
    update: row,
  });
  await transaction.drive.deleteMany({ where: { library } });
  await transaction.drive.createMany({ data: body.drives.map((drive) => ({ library, ...drive })) });
  const count = await replaceElements(transaction, library, body.occupied);
  if (count !== body.occupied.length) {
    context.surprise("two cartridges in one element, or one in two", {
      library,
      skipped: body.occupied.length - count,
    });
  }
};

type Occupied = EventOf<"library.described">["occupied"];

/**
 * All as one parameter: up to 65,536 elements are more than a statement may have parameters, and a delivery that takes as
 * long as their rows one by one is given up by the gateway. Answers how many there are now.
 */
async function replaceElements(
  transaction: Transaction,
  library: string,
  occupied: Occupied,
): Promise<number> {
  await transaction.element.deleteMany({ where: { library } });
  const count = await transaction.$executeRaw`
    INSERT INTO elements (library, address, type, barcode)
    SELECT ${library}, address, type, barcode
    FROM jsonb_to_recordset(${JSON.stringify(occupied)}::jsonb)
      AS occupied (address integer, type element_type, barcode text)
    ON CONFLICT DO NOTHING`;
  await transaction.$executeRaw`
    UPDATE tapes SET exported_at = NULL
    WHERE library = ${library} AND exported_at IS NOT NULL AND NOT EXISTS (
      SELECT FROM elements
      WHERE elements.library = tapes.library AND elements.barcode = tapes.barcode
        AND elements.type = 'importExport')`;
  return count;
}
