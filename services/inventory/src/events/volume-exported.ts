/**
 * volume.exported: a host put the cartridge where it can be taken out. It stands in the tape and, as the host's deed, in
 * the audit. The event is told again for as long as the cartridge lies there; a repeat changes nothing.
 */
import type { EventHandler } from "./event-handler.ts";

export const volumeExported: EventHandler<"volume.exported"> = async (context, body) => {
  const { transaction, gateway, outboxId, sequence, at } = context;
  const { library, barcode, element, initiatorName } = body;
  const key = { library_barcode: { library, barcode } };
  const tape = await transaction.tape.findUnique({ where: key, select: { exportedAt: true } });
  if (tape === null) {
    context.surprise("exported volume is not in the catalogue", { library, barcode });
    return;
  }
  if (tape.exportedAt !== null) return;
  await transaction.tape.update({ where: key, data: { exportedAt: at } });
  await transaction.audit.create({
    data: {
      requestId: `${outboxId}/${sequence}`,
      principal: `initiator:${initiatorName ?? "unknown"}`,
      action: "tape.exported",
      subject: barcode,
      details: { library, gateway, elementAddress: element.address },
      // A host speaks to the gateway; its network address is not told.
      remoteAddress: "",
      askedAt: at,
      outcome: "OK",
      answeredAt: at,
    },
  });
};
