/** The uploader's settings; service-kit's table says what each means. Parsed once, in main.ts. */
import {
  awsRegion,
  bucketName,
  httpUrl,
  keyPrefix,
  listenAddress,
  logLevel,
  queueUrl,
  wholeNumber,
} from "@reelhouse/service-kit";
import { z } from "zod";

export const uploaderConfig = z.object({
  /** Its `media` folder is the gateway's, shared for reading. */
  dataDir: z.string().min(1).default("./data"),
  queueUrl,
  s3Bucket: bucketName,
  s3Endpoint: httpUrl.optional(),
  s3Prefix: keyPrefix.default(""),
  kmsEndpoint: httpUrl.optional(),
  kmsKeyId: z.string().min(1).default("alias/reelhouse"),
  awsRegion: awsRegion.default("us-east-1"),
  uploaderOpsListen: listenAddress.prefault("127.0.0.1:8082"),
  uploaderConcurrency: wholeNumber({ min: 1, max: 64 }).prefault("2"),
  logLevel: logLevel.default("info"),
});
export type UploaderConfig = Readonly<z.infer<typeof uploaderConfig>>;
