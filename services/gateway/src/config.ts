/** The gateway's settings; service-kit's table says what each means. Parsed once, in main.ts. */
import {
  httpUrl,
  listenAddress,
  portalAddresses,
  queueUrl,
  settingSchemas,
} from "@reelhouse/service-kit";
import { z } from "zod";

const { gatewayName, iscsiAnnounce, iscsiAccessFile, logLevel } = settingSchemas;
const { cacheBytesMax, segmentBytesMax } = settingSchemas;
const { s3Endpoint, s3Bucket, s3Prefix, kmsEndpoint, kmsKeyId, awsRegion } = settingSchemas;
const { libraryDrives, librarySlots, libraryImportExportSlots } = settingSchemas;
const { libraryTapes, libraryTapeBytes, driveModel, changerModel } = settingSchemas;

export const gatewayConfig = z.object({
  dataDir: z.string().default("./data"),
  gatewayName: gatewayName.default("gw1"),
  iscsiListen: portalAddresses.prefault("127.0.0.1:3260"),
  /** What discovery names; unset: the address by which each host came. */
  iscsiAnnounce: iscsiAnnounce.optional(),
  /** Access rules that the API does not change. */
  iscsiAccessFile: iscsiAccessFile.optional(),
  gatewayControlListen: listenAddress.prefault("127.0.0.1:8081"),
  inventoryUrl: httpUrl.default("http://127.0.0.1:8080"),
  serviceTokenFile: z.string().min(1),
  queueUrl,
  s3Endpoint: s3Endpoint.optional(),
  s3Bucket,
  s3Prefix: s3Prefix.default(""),
  kmsEndpoint: kmsEndpoint.optional(),
  awsRegion: awsRegion.default("us-east-1"),
  kmsKeyId: kmsKeyId.default("alias/reelhouse"),
  /** Unset: three quarters of what the data volume has free for it at the start. */
  cacheBytesMax: cacheBytesMax.optional(),
  segmentBytesMax: segmentBytesMax.prefault("64MiB"),
  /** The library made at the first start; afterwards the library's own file holds. */
  libraryDrives: libraryDrives.prefault("4"),
  librarySlots: librarySlots.prefault("100"),
  libraryImportExportSlots: libraryImportExportSlots.prefault("20"),
  libraryTapes: libraryTapes.prefault("8"),
  libraryTapeBytes: libraryTapeBytes.prefault("100GiB"),
  driveModel: driveModel.prefault("IBM:ULT3580-TD8:R3G3"),
  changerModel: changerModel.prefault("STK:L700:0107"),
  logLevel: logLevel.default("info"),
});
export type GatewayConfig = Readonly<z.infer<typeof gatewayConfig>>;
