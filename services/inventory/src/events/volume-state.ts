/** What volume.created and volume.changed have in common: the volume's state, which replaces the one before. */
import type { VolumeState } from "@reelhouse/contracts";
import { isRefusal, type TapeHappening, transitions } from "../tape-lifecycle.ts";
import type { EventContext } from "./event-handler.ts";

export async function storeVolumeState(
  context: EventContext,
  happening: Extract<TapeHappening, "described" | "changed">,
  body: VolumeState,
): Promise<void> {
  const { transaction, gateway, at } = context;
  const { library, barcode, wrappedKey } = body;
  const key = { library_barcode: { library, barcode } };
  const known = await transaction.tape.findUnique({ where: key, select: { status: true } });
  const status = known === null ? "AVAILABLE" : transitions[known.status][happening];
  if (isRefusal(status)) {
    context.surprise(`volume ${happening} after it was removed`, { library, barcode });
    return;
  }
  if (known?.status === "DELETED") context.surprise("removed volume is back", { library, barcode });
  const state = {
    gateway,
    status,
    generation: body.generation,
    sizeBytes: BigInt(body.capacityBytes),
    usedBytes: BigInt(body.usedBytes),
    uploadedBytes: BigInt(body.uploadedBytes),
    cachedBytes: BigInt(body.cachedBytes),
    pendingBytes: BigInt(body.pendingBytes),
    worm: body.worm,
    pool: body.pool,
    updatedAt: at,
    deletedAt: null,
    // A key once known is never forgotten: without it nothing in the store can be read.
    ...(wrappedKey === null ? {} : { kmsKeyId: wrappedKey.kmsKeyId, wrappedKey }),
  };
  if (known === null) {
    await transaction.tape.create({ data: { library, barcode, createdAt: at, ...state } });
  } else {
    await transaction.tape.update({ where: key, data: state });
  }
}
