/** The vault as a deployment's settings name it: S3 and KMS, with the credentials of the SDK's own chain. */
import { createKmsKeyService } from "./keys/kms-key-service.ts";
import type { WatchCall } from "./remote-calls.ts";
import { createS3ObjectStore } from "./store/s3-object-store.ts";
import { createVault } from "./vault.ts";
import type { Vault } from "./vault.ts";

export interface VaultSettings {
  readonly s3Bucket: string;
  readonly s3Endpoint?: string | undefined;
  readonly s3Prefix: string;
  readonly kmsEndpoint?: string | undefined;
  readonly kmsKeyId: string;
  readonly awsRegion: string;
}

/** Nothing is asked of S3 or KMS here: they may be away when a service starts. `watch` is told of each call of them. */
export const connectVault = (settings: VaultSettings, watch?: WatchCall): Vault => {
  const region = settings.awsRegion;
  return createVault({
    store: createS3ObjectStore({
      bucket: settings.s3Bucket,
      region,
      endpoint: settings.s3Endpoint,
      watch,
    }),
    keys: createKmsKeyService({
      keyId: settings.kmsKeyId,
      region,
      endpoint: settings.kmsEndpoint,
      watch,
    }),
    prefix: settings.s3Prefix,
  });
};
