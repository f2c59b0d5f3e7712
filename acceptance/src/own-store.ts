/** A store and KMS of the test's own, in its process, so that it can fail on demand; the product is pointed at it. */
import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  type CloudEmulatorOptions,
  createCloudEmulator,
  type Faults,
} from "@reelhouse/cloud-emulator";
import type { S3Access } from "@reelhouse/testing";
import type { Settings } from "./product.ts";

const REGION = "us-east-1";
const KEY_ALIAS = "alias/acceptance";
const CREDENTIALS = { accessKeyId: "ACCEPTANCE0000000000", secretAccessKey: "s".repeat(40) };

export interface OwnStore {
  readonly faults: Faults;
  readonly access: S3Access;
  /** What points the product at it. */
  readonly settings: Settings;
  makeBucket(): Promise<void>;
  disableKey(): Promise<void>;
  enableKey(): Promise<void>;
  close(): Promise<void>;
}

/** With a KMS key, and without a bucket until `makeBucket`. `options`: how it is unlike what the product expects. */
export const openOwnStore = async (
  bucket: string,
  options: Pick<CloudEmulatorOptions, "regionStrict" | "now"> = {},
): Promise<OwnStore> => {
  const directory = mkdtempSync(join(tmpdir(), "reelhouse-store-"));
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const emulator = createCloudEmulator({
    directory,
    credentials: { [accessKeyId]: secretAccessKey },
    region: REGION,
    ...options,
  });
  const { port } = await emulator.listen("127.0.0.1", 0);
  const endpoint = `http://127.0.0.1:${port}`;
  const client = { endpoint, region: REGION, credentials: CREDENTIALS };
  const kms = new KMSClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId;
  await kms.send(new CreateAliasCommand({ AliasName: KEY_ALIAS, TargetKeyId: KeyId }));
  return {
    faults: emulator.faults,
    access: { endpoint, bucket, region: REGION, ...CREDENTIALS },
    settings: {
      REELHOUSE_S3_ENDPOINT: endpoint,
      REELHOUSE_S3_BUCKET: bucket,
      REELHOUSE_KMS_ENDPOINT: endpoint,
      REELHOUSE_KMS_KEY_ID: KEY_ALIAS,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
    makeBucket: async () => {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    },
    disableKey: async () => {
      await kms.send(new DisableKeyCommand({ KeyId }));
    },
    enableKey: async () => {
      await kms.send(new EnableKeyCommand({ KeyId }));
    },
    async close() {
      kms.destroy();
      s3.destroy();
      await emulator.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
