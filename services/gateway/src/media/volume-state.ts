/** A volume as the inventory hears of it. */
import type { VolumeState } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import { keyOf } from "../vault-link/volume-keys.ts";

export const volumeState = (library: string, volume: Volume): VolumeState => {
  const {
    barcode,
    generation,
    capacityBytes,
    worm,
    pool,
    usedBytes,
    uploadedBytes,
    cachedBytes,
    pendingBytes,
  } = volume.describe();
  return {
    library,
    barcode,
    generation,
    capacityBytes,
    worm,
    pool,
    usedBytes,
    uploadedBytes,
    cachedBytes,
    pendingBytes,
    wrappedKey: keyOf(volume),
  };
};
