/** A volume's data key: made by KMS once, in the background, and kept wrapped in the volume's own file. */
import { wrappedKey } from "@reelhouse/contracts";
import type { WrappedKey } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import type { Vault } from "@reelhouse/vault";
import type { LibraryOf } from "../library/library-of.ts";

export interface VolumeKeys {
  /** The wrapped key; asks KMS for one when the volume has none. Rejects when KMS does not answer. */
  ensure(volume: Volume): Promise<WrappedKey>;
}

/** The key a volume already has. */
export const keyOf = (volume: Volume): WrappedKey | null =>
  wrappedKey.nullable().parse(volume.wrappedKey);

export function createVolumeKeys(
  vault: Pick<Vault, "createVolumeKey">,
  libraryOf: LibraryOf,
): VolumeKeys {
  /** One question a volume at a time: two answers would be two keys. */
  const asking = new Map<Volume, Promise<WrappedKey>>();

  const make = async (volume: Volume): Promise<WrappedKey> => {
    const { barcode } = volume;
    const key = await vault.createVolumeKey({ library: libraryOf(barcode), barcode });
    await volume.setWrappedKey(key);
    return key;
  };

  return {
    async ensure(volume) {
      const key = keyOf(volume);
      if (key !== null) return key;
      const asked = asking.get(volume) ?? make(volume).finally(() => asking.delete(volume));
      asking.set(volume, asked);
      return asked;
    },
  };
}
