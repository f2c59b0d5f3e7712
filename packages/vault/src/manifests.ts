/** Manifests in the store: written once each, never replaced, found by listing. */
import { createHash } from "node:crypto";
import { manifest as manifestSchema, manifestDirectory, manifestKey } from "@reelhouse/contracts";
import type { Manifest, PublishManifestResult, SegmentRef } from "@reelhouse/contracts";
import { hasCode, VaultError } from "./errors.ts";
import { createDigest } from "./format/digest.ts";
import { withDataKey } from "./keys/key-service.ts";
import { readManifest, sealManifest } from "./manifest-envelope.ts";
import type { CallOptions, VaultContext } from "./vault-context.ts";
import { requireContext } from "./volume-key.ts";

export type GenerationRef = Pick<SegmentRef, "library" | "barcode" | "generation">;

/** Room for a million segments; a longer one is no manifest of ours. */
const MANIFEST_BYTES_MAX = 1024 * 1024 * 1024;

const readObject = async (
  context: VaultContext,
  key: string,
  options: CallOptions,
): Promise<{ bytes: Buffer; etag: string; lastModified: Date }> => {
  const found = await context.store.get(key, { signal: options.signal });
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  for await (const chunk of found.body) {
    byteLength += chunk.length;
    if (byteLength > MANIFEST_BYTES_MAX) throw new VaultError("MANIFEST_FORMAT", "too long");
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), etag: found.etag, lastModified: found.lastModified };
};

/** Publishes once; the same manifest again is answered as the first time, another one is OBJECT_CONFLICT. */
export const putManifest = async (
  context: VaultContext,
  input: Manifest,
  options: CallOptions,
): Promise<PublishManifestResult> => {
  const parsed = manifestSchema.safeParse(input);
  if (!parsed.success) throw new VaultError("MANIFEST_FORMAT", parsed.error.message);
  const manifest = parsed.data;
  requireContext(manifest.wrappedKey, manifest);
  const key = `${context.keyPrefix}${manifestKey(manifest, manifest.sequence)}`;
  const body = await withDataKey(context.keys, manifest.wrappedKey, async (dataKey) =>
    sealManifest(manifest, dataKey),
  );
  const digest = createDigest();
  digest.update(body);
  const { crc32c, sha256 } = digest.finish();
  try {
    const { etag } = await context.store.create({
      key,
      body,
      crc32c,
      sha256,
      contentType: "application/json",
      signal: options.signal,
    });
    return { key, etag, publishedAt: new Date().toISOString() };
  } catch (error) {
    if (!hasCode(error, "STORE_PRECONDITION")) throw error;
    const found = await readObject(context, key, options);
    if (createHash("sha256").update(found.bytes).digest("hex") !== sha256)
      throw new VaultError("OBJECT_CONFLICT", key);
    return { key, etag: found.etag, publishedAt: found.lastModified.toISOString() };
  }
};

const lastKey = async (context: VaultContext, prefix: string): Promise<string | null> => {
  let last: string | null = null;
  for await (const page of context.store.list(prefix))
    for (const key of page.keys) if (last === null || key > last) last = key;
  return last;
};

/** The manifest with the highest sequence, proven. MANIFEST_NOT_FOUND where there is none. */
export const latestManifest = async (
  context: VaultContext,
  ref: GenerationRef,
  options: CallOptions,
): Promise<Manifest> => {
  const key = await lastKey(context, `${context.keyPrefix}${manifestDirectory(ref)}`);
  if (key === null) throw new VaultError("MANIFEST_NOT_FOUND", manifestDirectory(ref));
  const { bytes } = await readObject(context, key, options);
  const unproven = readManifest(bytes);
  const { claimed } = unproven;
  // A genuine manifest of another volume, or of another time, put under this name.
  if (`${context.keyPrefix}${manifestKey(claimed, claimed.sequence)}` !== key)
    throw new VaultError("MANIFEST_FORGED", `${key} holds another manifest`);
  requireContext(claimed.wrappedKey, ref);
  return await withDataKey(context.keys, claimed.wrappedKey, async (dataKey) =>
    unproven.prove(dataKey),
  );
};

const GENERATION_PATH = /^([^/]+)\/([^/]+)\/g(\d+)\/$/;

async function* listPrefixes(context: VaultContext, prefix: string): AsyncGenerator<string> {
  for await (const page of context.store.list(prefix, "/")) yield* page.prefixes;
}

/** Every generation of every volume that has an object in the bucket, by listing alone; foreign keys are passed over. */
export async function* listVolumes(context: VaultContext): AsyncGenerator<GenerationRef> {
  for await (const library of listPrefixes(context, context.keyPrefix))
    for await (const volume of listPrefixes(context, library))
      for await (const generation of listPrefixes(context, volume)) {
        const match = GENERATION_PATH.exec(generation.slice(context.keyPrefix.length));
        if (match !== null)
          yield { library: match[1]!, barcode: match[2]!, generation: Number(match[3]) };
      }
}
