/** The vault as the settings name it. Nothing is asked of S3 or KMS here: they may be away when the gateway starts. */
import { createKmsKeyService, createS3ObjectStore, createVault } from "@reelhouse/vault";
import type { Vault } from "@reelhouse/vault";
import type { GatewayConfig } from "../config.ts";

export function connectVault(config: GatewayConfig): Vault {
  const { awsRegion: region } = config;
  return createVault({
    store: createS3ObjectStore({ bucket: config.s3Bucket, region, endpoint: config.s3Endpoint }),
    keys: createKmsKeyService({ keyId: config.kmsKeyId, region, endpoint: config.kmsEndpoint }),
    prefix: config.s3Prefix,
  });
}
