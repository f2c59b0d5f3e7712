/** The uploader's settings; service-kit's table says what each means. Parsed once, in main.ts. */
import { listenAddress, queueUrl, settingSchemas } from "@reelhouse/service-kit";
import { z } from "zod";

const { s3Bucket, s3Endpoint, s3Prefix, kmsEndpoint, kmsKeyId, awsRegion } = settingSchemas;

export const uploaderConfig = z.object({
  /** Its `media` folder is the gateway's, shared for reading. */
  dataDir: z.string().min(1).default("./data"),
  queueUrl,
  s3Bucket,
  s3Endpoint: s3Endpoint.optional(),
  s3Prefix: s3Prefix.default(""),
  kmsEndpoint: kmsEndpoint.optional(),
  kmsKeyId: kmsKeyId.default("alias/reelhouse"),
  awsRegion: awsRegion.default("us-east-1"),
  uploaderOpsListen: listenAddress.prefault("127.0.0.1:8082"),
  uploaderConcurrency: settingSchemas.uploaderConcurrency.prefault("2"),
  logLevel: settingSchemas.logLevel.default("info"),
});
export type UploaderConfig = Readonly<z.infer<typeof uploaderConfig>>;
