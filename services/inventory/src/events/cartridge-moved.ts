/** cartridge.moved: where the cartridge is now, and a line of its history. */
import type { EventHandler } from "./event-handler.ts";

export const cartridgeMoved: EventHandler<"cartridge.moved"> = async (context, body) => {
  const { transaction, gateway, outboxId, sequence, at } = context;
  const { library, barcode, source, destination } = body;
  await transaction.element.deleteMany({ where: { library, barcode } });
  if (destination !== null) {
    const { address, type } = destination;
    const { count } = await transaction.element.deleteMany({ where: { library, address } });
    if (count > 0)
      context.surprise("element held another cartridge", { library, address, barcode });
    await transaction.element.create({ data: { library, address, type, barcode } });
  }
  if (destination?.type !== "importExport") {
    await transaction.tape.updateMany({ where: { library, barcode }, data: { exportedAt: null } });
  }
  await transaction.move.create({
    data: {
      gateway,
      outboxId,
      sequence,
      library,
      barcode,
      sourceAddress: source?.address ?? null,
      sourceType: source?.type ?? null,
      destinationAddress: destination?.address ?? null,
      destinationType: destination?.type ?? null,
      cause: body.cause,
      initiatorName: body.initiatorName,
      movedAt: at,
    },
  });
};
