/**
 * A manifest as it lies in the store: `{"manifest": {…}, "mac": "<hex>"}`. The MAC is HMAC-SHA256 over the manifest as
 * compact JSON in the order of its keys, under a key derived from the volume's data key: whoever owns the bucket but
 * not the KMS key can delete manifests, and bring back old ones, but not write one.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { manifest as manifestSchema } from "@reelhouse/contracts";
import type { Manifest } from "@reelhouse/contracts";
import { VaultError } from "./errors.ts";
import { deriveManifestKey } from "./format/subkey.ts";

const MAC_HEX = /^[0-9a-f]{64}$/;

const computeMac = (manifest: unknown, volumeId: string, dataKey: Uint8Array): Buffer =>
  createHmac("sha256", deriveManifestKey(dataKey, volumeId))
    .update(JSON.stringify(manifest))
    .digest();

const volumeId = (manifest: Pick<Manifest, "library" | "barcode" | "generation">): string =>
  `${manifest.library}/${manifest.barcode}/g${manifest.generation}`;

/** The object's bytes: the same manifest and key always give the same. */
export const sealManifest = (manifest: Manifest, dataKey: Uint8Array): Buffer => {
  const mac = computeMac(manifest, volumeId(manifest), dataKey).toString("hex");
  return Buffer.from(`${JSON.stringify({ manifest, mac })}\n`, "utf8");
};

export interface UnprovenManifest {
  /** Good for finding the key to prove it with, and for nothing else. */
  readonly claimed: Manifest;
  /** The manifest if its MAC is right, else MANIFEST_FORGED. */
  prove(dataKey: Uint8Array): Manifest;
}

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new VaultError("MANIFEST_FORMAT", "not JSON");
  }
};

export const readManifest = (bytes: Buffer): UnprovenManifest => {
  const envelope = parseJson(bytes);
  if (typeof envelope !== "object" || envelope === null)
    throw new VaultError("MANIFEST_FORMAT", "not an object");
  const raw: unknown = Reflect.get(envelope, "manifest");
  const mac: unknown = Reflect.get(envelope, "mac");
  if (typeof mac !== "string" || !MAC_HEX.test(mac))
    throw new VaultError("MANIFEST_FORMAT", "no MAC");
  const parsed = manifestSchema.safeParse(raw);
  if (!parsed.success) throw new VaultError("MANIFEST_FORMAT", parsed.error.message);
  return {
    claimed: parsed.data,
    prove(dataKey) {
      // Over the JSON as it was read, not as the schema understood it: fields of a later version are covered too.
      const expected = computeMac(raw, volumeId(parsed.data), dataKey);
      if (!timingSafeEqual(expected, Buffer.from(mac, "hex")))
        throw new VaultError("MANIFEST_FORGED");
      return parsed.data;
    },
  };
};
