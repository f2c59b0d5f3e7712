/** The only door of @reelhouse/vault. */
export { connectVault } from "./connect-vault.ts";
export type { VaultSettings } from "./connect-vault.ts";
export type { RemoteCall, WatchCall } from "./remote-calls.ts";
export { createVault } from "./vault.ts";
export type { Vault } from "./vault.ts";
export type { CallOptions, VaultOptions } from "./vault-context.ts";
export type { GetSegment } from "./get-segment.ts";
export { SEGMENT_BYTES_LIMIT } from "./put-segment.ts";
export type { PutSegment } from "./put-segment.ts";
export type { GenerationRef } from "./manifests.ts";
export { volumeContext } from "./volume-key.ts";
export type { VolumeRef } from "./volume-key.ts";
export { hasCode, VAULT_ERRORS, VaultError } from "./errors.ts";
export type { VaultErrorCode } from "./errors.ts";
export type {
  ByteRange,
  GetOptions,
  Listing,
  ObjectBody,
  ObjectHead,
  ObjectStore,
  PutAnswer,
  PutObject,
} from "./store/object-store.ts";
export { createS3ObjectStore } from "./store/s3-object-store.ts";
export type { AwsCredentials, S3ObjectStoreOptions } from "./store/s3-object-store.ts";
export type { KeyContext, KeyService } from "./keys/key-service.ts";
export { createKmsKeyService } from "./keys/kms-key-service.ts";
export type { KmsKeyServiceOptions } from "./keys/kms-key-service.ts";
export { FRAME_BYTES_DEFAULT, FRAME_BYTES_MAX, FRAME_BYTES_MIN } from "./format/header.ts";
