/** For tests only: an emulator with bucket and key, a vault on it, a media folder with segments. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCloudEmulator, type CloudEmulator } from "@reelhouse/cloud-emulator";
import { segmentId, type UploadSegmentPayload, type WrappedKey } from "@reelhouse/contracts";
import { createLogger, createMetrics, type JobContext } from "@reelhouse/service-kit";
import {
  createKmsKeyService,
  createS3ObjectStore,
  createVault,
  type Vault,
} from "@reelhouse/vault";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { createJobMetrics } from "./job-metrics.ts";
import type { JobSurroundings } from "./job-surroundings.ts";

export const testCredentials = {
  accessKeyId: "TESTACCESSKEY0000000",
  secretAccessKey: "s".repeat(40),
};
const region = "us-east-1";
const bucket = "tapes";
const keyAlias = "alias/reelhouse";

export interface TestCloud {
  readonly directory: string;
  readonly mediaDirectory: string;
  readonly emulator: CloudEmulator;
  readonly endpoint: string;
  readonly vault: Vault;
  readonly surroundings: JobSurroundings;
  readonly wrappedKey: WrappedKey;
  /** Writes a segment's file and answers with its job and the job's id. */
  segment(number: number, bytes?: Buffer): Promise<{ id: string; payload: UploadSegmentPayload }>;
  keys(): Promise<string[]>;
  metricsText(): Promise<string>;
  close(): Promise<void>;
}

export const jobContext = (id: string): JobContext => ({
  id,
  attempt: 1,
  signal: new AbortController().signal,
});

/** What `work` was rejected with, or null. */
export const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

export const createTestCloud = async (): Promise<TestCloud> => {
  const directory = await mkdtemp(path.join(tmpdir(), "rh-uploader-"));
  const mediaDirectory = path.join(directory, "media");
  const { accessKeyId, secretAccessKey } = testCredentials;
  const emulator = createCloudEmulator({
    directory: path.join(directory, "cloud"),
    credentials: { [accessKeyId]: secretAccessKey },
    region,
  });
  const { port } = await emulator.listen("127.0.0.1", 0);
  const endpoint = `http://127.0.0.1:${port}`;
  const client = { endpoint, region, credentials: testCredentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const kms = new KMSClient(client);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: keyAlias, TargetKeyId: KeyMetadata?.KeyId }));
  const store = createS3ObjectStore({
    bucket,
    region,
    endpoint,
    credentials: testCredentials,
    attemptsMax: 1,
  });
  const keys = createKmsKeyService({
    keyId: keyAlias,
    region,
    endpoint,
    credentials: testCredentials,
    attemptsMax: 1,
  });
  const vault = createVault({ store, keys, prefix: "" });
  const metrics = createMetrics("uploader");
  const logger = createLogger("test", "fatal");
  const wrappedKey = await vault.createVolumeKey({ library: "gw1", barcode: "RHS001L8" });
  await mkdir(path.join(mediaDirectory, "RHS001L8"), { recursive: true });
  return {
    directory,
    mediaDirectory,
    emulator,
    endpoint,
    vault,
    surroundings: { vault, mediaDirectory, metrics: createJobMetrics(metrics), logger },
    wrappedKey,
    metricsText: () => metrics.render(),
    keys: async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key = "" }) => Key);
    },
    segment: async (number, bytes = randomBytes(3000)) => {
      const segment = { library: "gw1", barcode: "RHS001L8", generation: 1, partition: 0, number };
      const file = `RHS001L8/${number}.segment`;
      await writeFile(path.join(mediaDirectory, file), bytes);
      const segmentSha256 = createHash("sha256").update(bytes).digest("hex");
      const sizes = { segmentBytes: bytes.byteLength, segmentSha256 };
      return { id: segmentId(segment), payload: { segment, path: file, ...sizes, wrappedKey } };
    },
    close: async () => {
      vault.close();
      s3.destroy();
      kms.destroy();
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
