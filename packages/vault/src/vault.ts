/** The vault: where segments and manifests go, and come back from. See DESIGN.md. */
import type { Manifest, PublishManifestResult, Receipt, WrappedKey } from "@reelhouse/contracts";
import { getSegment, readRange } from "./get-segment.ts";
import type { GetSegment } from "./get-segment.ts";
import { latestManifest, listVolumes, putManifest } from "./manifests.ts";
import type { GenerationRef } from "./manifests.ts";
import { putSegment } from "./put-segment.ts";
import type { PutSegment } from "./put-segment.ts";
import type { ByteRange } from "./store/object-store.ts";
import { createVaultContext } from "./vault-context.ts";
import type { CallOptions, VaultOptions } from "./vault-context.ts";
import { volumeContext } from "./volume-key.ts";
import type { VolumeRef } from "./volume-key.ts";

/** Methods reject with VaultError; besides, with what the file system says, or the reason of an aborted signal. */
export interface Vault {
  /** A new data key for a volume, wrapped by KMS; made once per volume and kept with it. */
  createVolumeKey(volume: VolumeRef): Promise<WrappedKey>;
  /** Resolves when the object is in the store and proven; safe to repeat. See put-segment.ts. */
  putSegment(job: PutSegment, options?: CallOptions): Promise<Receipt>;
  /** Writes the segment's file; it appears whole and durable, or not at all. */
  getSegment(wanted: GetSegment, destinationPath: string, options?: CallOptions): Promise<void>;
  /** Plaintext bytes [offset, offset + byteLength), cut at the segment's end. */
  readRange(wanted: GetSegment, range: ByteRange, options?: CallOptions): Promise<Buffer>;
  putManifest(manifest: Manifest, options?: CallOptions): Promise<PublishManifestResult>;
  /** The highest one of the generation, its MAC proven. */
  latestManifest(ref: GenerationRef, options?: CallOptions): Promise<Manifest>;
  listVolumes(): AsyncIterable<GenerationRef>;
  /** For start-up: bucket and key can be used; both are asked, the first fault is thrown. */
  check(): Promise<void>;
  /** Closes connections and zeroes cached keys. */
  close(): void;
}

export const createVault = (options: VaultOptions): Vault => {
  const context = createVaultContext(options);
  return {
    createVolumeKey: (volume) => context.keys.createDataKey(volumeContext(volume)),
    putSegment: (job, callOptions = {}) => putSegment(context, job, callOptions),
    getSegment: (wanted, destinationPath, callOptions = {}) =>
      getSegment(context, wanted, destinationPath, callOptions),
    readRange: (wanted, range, callOptions = {}) => readRange(context, wanted, range, callOptions),
    putManifest: (manifest, callOptions = {}) => putManifest(context, manifest, callOptions),
    latestManifest: (ref, callOptions = {}) => latestManifest(context, ref, callOptions),
    listVolumes: () => listVolumes(context),
    async check() {
      await context.store.check();
      await context.keys.check();
    },
    close() {
      context.store.close();
      context.keys.close();
    },
  };
};
