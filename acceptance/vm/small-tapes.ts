/** Cartridges small enough to be filled by an emulated machine, for the guest's script about the end of medium. */
import type { RestApi } from "@reelhouse/testing";

const MIB = 1024 * 1024;
const SMALL_TAPES = ["END001L8", "END002L8", "END003L8"] as const;
const SMALL_TAPE_BYTES = 96 * MIB;

/** Makes them in a library that has none of these barcodes, and answers with those. */
export const createSmallTapes = async (api: RestApi): Promise<readonly string[]> => {
  for (const barcode of SMALL_TAPES) await api.createTape(barcode, SMALL_TAPE_BYTES);
  return SMALL_TAPES;
};
