/** Header and data digests: CRC32C (RFC 7143 13.1), least significant byte first on the wire. */
import { crc32c } from "@node-rs/crc32";
import { DIGEST_BYTES } from "./bhs.ts";

/** CRC32C of all views, carried on from `initial`. */
export function digestOf(views: readonly Uint8Array[], initial = 0): number {
  let digest = initial;
  for (const view of views) digest = crc32c(view, digest);
  return digest;
}

/** The four bytes of a digest as they travel. */
export function digestBytes(digest: number): Uint8Array {
  const wire = new Uint8Array(DIGEST_BYTES);
  new DataView(wire.buffer).setUint32(0, digest, true);
  return wire;
}

/** The digest in four bytes of the wire. */
export function readDigest(wire: Uint8Array): number {
  return new DataView(wire.buffer, wire.byteOffset, DIGEST_BYTES).getUint32(0, true);
}
