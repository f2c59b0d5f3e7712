/** What a cartridge of a type holds, as its format says: native, of the longest tape. */
import type { CartridgeType } from "./cartridge-types.ts";
import { densities } from "./density.ts";

const bytesPerMegabyte = 1_000_000;

/** In bytes; 0 for a cleaning cartridge. */
export const nativeCapacityBytesOf = (type: CartridgeType): number =>
  type.kind === "cleaning" ? 0 : densities[type.format].capacityMegabytes * bytesPerMegabyte;
