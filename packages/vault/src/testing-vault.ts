/** For this package's tests: an emulator with a bucket and a key, and vaults over it. */
import { randomBytes } from "node:crypto";
import { hash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { createCloudEmulator } from "@reelhouse/cloud-emulator";
import type { CloudEmulator, CloudEmulatorOptions } from "@reelhouse/cloud-emulator";
import type { SegmentRef, WrappedKey } from "@reelhouse/contracts";
import { createKmsKeyService } from "./keys/kms-key-service.ts";
import type { KmsKeyServiceOptions } from "./keys/kms-key-service.ts";
import type { KeyService } from "./keys/key-service.ts";
import type { PutSegment } from "./put-segment.ts";
import type { ObjectStore } from "./store/object-store.ts";
import { createS3ObjectStore } from "./store/s3-object-store.ts";
import type { S3ObjectStoreOptions } from "./store/s3-object-store.ts";
import { createVault } from "./vault.ts";
import type { Vault } from "./vault.ts";
import type { VaultOptions } from "./vault-context.ts";

export const SECRET = "SECRET-ACCESS-KEY-OF-THE-TEST";
export const BUCKET = "tapes";

export interface TestingCloud extends AsyncDisposable {
  readonly emulator: CloudEmulator;
  readonly directory: string;
  readonly keyId: string;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  store(options?: Partial<S3ObjectStoreOptions>): ObjectStore;
  keys(options?: Partial<KmsKeyServiceOptions>): KeyService;
  vault(options?: Partial<VaultOptions>): Vault;
  /** A file in the test's folder, and the job that would upload it. */
  job(plaintext: Buffer, wrappedKey: WrappedKey, ref?: Partial<SegmentRef>): Promise<PutSegment>;
}

export const REF: SegmentRef = {
  library: "gw1",
  barcode: "RHS001L8",
  generation: 1,
  partition: 0,
  number: 1,
};

export const startCloud = async (
  options: Pick<CloudEmulatorOptions, "regionStrict" | "now"> = {},
): Promise<TestingCloud> => {
  const directory = await mkdtemp(join(tmpdir(), "reelhouse-vault-"));
  const emulator = createCloudEmulator({
    directory: join(directory, "cloud"),
    credentials: { AK: SECRET },
    log: (event, fields) => console.error(event, fields),
    ...options,
  });
  const { port } = await emulator.listen("127.0.0.1", 0);
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "AK", secretAccessKey: SECRET },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const kms = new KMSClient(settings);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const keyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
  const closers: { close(): void }[] = [];
  const kept = <T extends { close(): void }>(value: T): T => {
    closers.push(value);
    return value;
  };
  const store = (storeOptions: Partial<S3ObjectStoreOptions> = {}) =>
    kept(createS3ObjectStore({ ...settings, bucket: BUCKET, ...storeOptions }));
  const keys = (keyOptions: Partial<KmsKeyServiceOptions> = {}) =>
    kept(createKmsKeyService({ ...settings, keyId, ...keyOptions }));
  return {
    emulator,
    directory,
    keyId,
    s3,
    kms,
    store,
    keys,
    vault: (vaultOptions = {}) =>
      createVault({ store: store(), keys: keys(), prefix: "backups", ...vaultOptions }),
    async job(plaintext, wrappedKey, ref = {}) {
      const path = join(directory, `segment-${randomBytes(8).toString("hex")}`);
      await writeFile(path, plaintext);
      return {
        segment: { ...REF, ...ref },
        path,
        segmentBytes: plaintext.length,
        segmentSha256: hash("sha256", plaintext),
        wrappedKey,
      };
    },
    async [Symbol.asyncDispose]() {
      for (const closer of closers) closer.close();
      s3.destroy();
      kms.destroy();
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
