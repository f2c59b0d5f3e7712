/** The launcher's settings: where things listen and lie. All other settings it hands on unread to the services. */
import {
  bucketName,
  httpUrl,
  listenAddress,
  logLevel,
  type ListenAddress,
} from "@reelhouse/service-kit";
import { z } from "zod";

export const standaloneConfig = z
  .object({
    dataDir: z.string().min(1).default("./data"),
    gatewayName: z.string().default("gw1"),
    iscsiListen: listenAddress.prefault("127.0.0.1:3260"),
    apiListen: listenAddress.prefault("127.0.0.1:8080"),
    cloudListen: listenAddress.prefault("127.0.0.1:9000"),
    gatewayControlListen: listenAddress.prefault("127.0.0.1:8081"),
    uploaderOpsListen: listenAddress.prefault("127.0.0.1:8082"),
    s3Endpoint: httpUrl.optional(),
    s3Bucket: bucketName.optional(),
    kmsEndpoint: httpUrl.optional(),
    logLevel: logLevel.default("info"),
  })
  .refine(
    ({ s3Bucket, s3Endpoint, kmsEndpoint }) =>
      s3Bucket !== undefined || (s3Endpoint ?? kmsEndpoint) === undefined,
    {
      path: ["s3Bucket"],
      error: "is needed beside an endpoint; set none of the three for the embedded store",
    },
  );
export type StandaloneConfig = Readonly<z.infer<typeof standaloneConfig>>;

/** Every port of ours, with the setting that changes it. */
export const LISTENERS = {
  iscsiListen: "REELHOUSE_ISCSI_LISTEN",
  apiListen: "REELHOUSE_API_LISTEN",
  cloudListen: "REELHOUSE_CLOUD_LISTEN",
  gatewayControlListen: "REELHOUSE_GATEWAY_CONTROL_LISTEN",
  uploaderOpsListen: "REELHOUSE_UPLOADER_OPS_LISTEN",
} as const;
export type Listener = keyof typeof LISTENERS;
export const LISTENER_KEYS = [
  "iscsiListen",
  "apiListen",
  "cloudListen",
  "gatewayControlListen",
  "uploaderOpsListen",
] as const satisfies readonly Listener[];
export type Addresses = Readonly<Record<Listener, ListenAddress>>;

/** The embedded store stands in only when no real one is named. */
export const usesEmbeddedCloud = ({ s3Bucket }: Pick<StandaloneConfig, "s3Bucket">): boolean =>
  s3Bucket === undefined;
