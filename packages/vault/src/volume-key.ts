/** The encryption context that ties a volume's data key to the volume, at KMS and in its audit log. */
import type { SegmentRef, WrappedKey } from "@reelhouse/contracts";
import { VaultError } from "./errors.ts";
import type { KeyContext } from "./keys/key-service.ts";

export type VolumeRef = Pick<SegmentRef, "library" | "barcode">;

export const volumeContext = (volume: VolumeRef): KeyContext => ({
  "reelhouse:library": volume.library,
  "reelhouse:barcode": volume.barcode,
});

/** A key of another volume would unwrap under its own context: refuse it before KMS is asked. */
export const requireContext = (wrapped: WrappedKey, volume: VolumeRef): void => {
  for (const [name, value] of Object.entries(volumeContext(volume)))
    if (wrapped.context[name] !== value)
      throw new VaultError(
        "KEY_CONTEXT_MISMATCH",
        `${name} is ${wrapped.context[name] ?? "missing"}, not ${value}`,
      );
};
