/** The gateway's settings; service-kit's table says what each means. Parsed once, in main.ts. */
import {
  awsRegion,
  bucketName,
  byteSize,
  deviceModel,
  httpUrl,
  keyPrefix,
  listenAddress,
  logLevel,
  queueUrl,
  wholeNumber,
} from "@reelhouse/service-kit";
import { entityName } from "@reelhouse/contracts";
import { z } from "zod";

const MIB = 1024 ** 2;

export const gatewayConfig = z.object({
  dataDir: z.string().default("./data"),
  gatewayName: entityName.default("gw1"),
  iscsiListen: listenAddress.prefault("127.0.0.1:3260"),
  gatewayControlListen: listenAddress.prefault("127.0.0.1:8081"),
  inventoryUrl: httpUrl.default("http://127.0.0.1:8080"),
  serviceTokenFile: z.string().min(1),
  queueUrl,
  s3Endpoint: httpUrl.optional(),
  s3Bucket: bucketName,
  s3Prefix: keyPrefix.default(""),
  kmsEndpoint: httpUrl.optional(),
  awsRegion: awsRegion.default("us-east-1"),
  kmsKeyId: z.string().min(1).default("alias/reelhouse"),
  /** Unset: three quarters of what the data volume has free for it at the start. */
  cacheBytesMax: byteSize({ min: 16 * MIB }).optional(),
  segmentBytesMax: byteSize({ min: MIB, max: 1024 * MIB }).prefault("64MiB"),
  /** The library made at the first start; afterwards the library's own file holds. */
  libraryDrives: wholeNumber({ min: 1, max: 64 }).prefault("4"),
  librarySlots: wholeNumber({ min: 1, max: 9_999 }).prefault("100"),
  libraryImportExportSlots: wholeNumber({ min: 0, max: 9_999 }).prefault("20"),
  libraryTapes: wholeNumber({ min: 0, max: 999 }).prefault("8"),
  libraryTapeBytes: byteSize({ min: MIB, max: 15 * 1024 ** 4 }).prefault("100GiB"),
  driveModel: deviceModel.prefault("IBM:ULT3580-TD8:R3G3"),
  changerModel: deviceModel.prefault("STK:L700:0107"),
  logLevel: logLevel.default("info"),
});
export type GatewayConfig = Readonly<z.infer<typeof gatewayConfig>>;
