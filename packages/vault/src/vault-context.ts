/** What the vault's operations share. */
import type { KeyService } from "./keys/key-service.ts";
import type { ObjectStore } from "./store/object-store.ts";

export interface VaultOptions {
  readonly store: ObjectStore;
  readonly keys: KeyService;
  /** Of every key in the bucket; slashes at its ends do not matter; "" for none. */
  readonly prefix: string;
  /** Of segments. It must be readable at once: archiving is a later step, see DESIGN.md. Default: the bucket's. */
  readonly storageClass?: string | undefined;
  /** Plaintext bytes of a frame. */
  readonly frameBytes?: number | undefined;
  /** null: never compress. */
  readonly zstdLevel?: number | null | undefined;
}

export interface VaultContext extends VaultOptions {
  /** "" or ending in "/". */
  readonly keyPrefix: string;
}

export const createVaultContext = (options: VaultOptions): VaultContext => {
  const trimmed = options.prefix.replace(/^\/+|\/+$/g, "");
  return { ...options, keyPrefix: trimmed === "" ? "" : `${trimmed}/` };
};

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the plaintext bytes done so far. */
  readonly onProgress?: ((plaintextBytes: number) => void) | undefined;
}
