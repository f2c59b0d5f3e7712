/** Subkeys of a volume's data key: HKDF-SHA256 (RFC 5869). */
import { hkdfSync } from "node:crypto";
import { COMMITMENT_BYTES } from "./header.ts";

export const KEY_BYTES = 32;
export const NONCE_PREFIX_BYTES = 7;

export interface SegmentKey {
  readonly key: Buffer;
  readonly noncePrefix: Buffer;
  /** Stands in the header: tells a wrong key from a damaged object, and binds the object to one key only. */
  readonly commitment: Buffer;
}

/**
 * Key, nonce prefix and commitment of one attempt at sealing one segment. `salt` is random for every attempt: an
 * upload tried again may compress differently (another zstd), and one (key, nonce) must never meet two plaintexts.
 */
export const deriveSegmentKey = (
  dataKey: Uint8Array,
  salt: Uint8Array,
  segmentId: string,
): SegmentKey => {
  const length = KEY_BYTES + NONCE_PREFIX_BYTES + COMMITMENT_BYTES;
  const info = `reelhouse segment v1\0${segmentId}`;
  const okm = Buffer.from(hkdfSync("sha256", dataKey, salt, info, length));
  return {
    key: okm.subarray(0, KEY_BYTES),
    noncePrefix: okm.subarray(KEY_BYTES, KEY_BYTES + NONCE_PREFIX_BYTES),
    commitment: okm.subarray(KEY_BYTES + NONCE_PREFIX_BYTES),
  };
};

/** Key of the MAC over a generation's manifests. */
export const deriveManifestKey = (dataKey: Uint8Array, volumeId: string): Buffer =>
  Buffer.from(
    hkdfSync("sha256", dataKey, Buffer.alloc(0), `reelhouse manifest v1\0${volumeId}`, KEY_BYTES),
  );
