/** How large a tape is when nobody says: as its LTO label's format has it, within what a tape can have. */
import { capacityBytesMax, capacityBytesMin, type createTapeBody } from "@reelhouse/contracts";
import { cartridgeTypeOf, nativeCapacityBytesOf } from "@reelhouse/scsi";
import { ServiceError } from "@reelhouse/service-kit";
import type { z } from "zod";

/** Throws INVALID_REQUEST when neither the request nor the label says. */
export function sizeBytesOf({
  barcode,
  sizeBytes,
}: Pick<z.infer<typeof createTapeBody>, "barcode" | "sizeBytes">): number {
  if (sizeBytes !== undefined) return sizeBytes;
  const type = cartridgeTypeOf(barcode);
  if (type === undefined)
    throw new ServiceError("INVALID_REQUEST", {
      field: "body.sizeBytes",
      detail:
        "The barcode names no LTO format, as eight characters that end with L8 do: give its size.",
    });
  return Math.min(Math.max(nativeCapacityBytesOf(type), capacityBytesMin), capacityBytesMax);
}
