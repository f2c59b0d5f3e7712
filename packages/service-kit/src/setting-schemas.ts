/**
 * What the value of each setting that an operator chooses may be. Without defaults: whoever reads one adds its own. Here
 * and not at their readers, because a deployment checks all of them before any service starts.
 */
import { entityName } from "@reelhouse/contracts";
import { z } from "zod";
import {
  awsRegion,
  bucketName,
  byteSize,
  deviceModel,
  httpUrl,
  keyPrefix,
  logLevel,
  portalAddresses,
  wholeNumber,
} from "./settings.ts";

const MIB = 1024 ** 2;
const everyAddress = new Set(["0.0.0.0", "::"]);

export const settingSchemas = {
  gatewayName: entityName,
  iscsiAnnounce: portalAddresses.refine(
    (portals) => portals.every(({ host, port }) => !everyAddress.has(host) && port !== 0),
    "is no address that a host could connect to",
  ),
  iscsiAccessFile: z.string().min(1),
  s3Endpoint: httpUrl,
  s3Bucket: bucketName,
  s3Prefix: keyPrefix,
  kmsEndpoint: httpUrl,
  kmsKeyId: z.string().min(1),
  awsRegion,
  cacheBytesMax: byteSize({ min: 16 * MIB }),
  segmentBytesMax: byteSize({ min: MIB, max: 1024 * MIB }),
  libraryDrives: wholeNumber({ min: 1, max: 64 }),
  librarySlots: wholeNumber({ min: 1, max: 60_000 }),
  libraryImportExportSlots: wholeNumber({ min: 0, max: 5_000 }),
  libraryTapes: wholeNumber({ min: 0, max: 999 }),
  libraryTapeBytes: byteSize({ min: MIB, max: 15 * 1024 ** 4 }),
  driveModel: deviceModel,
  changerModel: deviceModel,
  uploaderConcurrency: wholeNumber({ min: 1, max: 64 }),
  logLevel,
} as const;
