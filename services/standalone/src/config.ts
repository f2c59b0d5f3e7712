/**
 * The launcher's settings: where things listen and lie. All others it hands on to the services as they are, but checks
 * them as they will, by the same schemas: an operator sees every fault at once, and before anything starts.
 */
import {
  listenAddress,
  portalAddresses,
  settingSchemas,
  type ListenAddress,
  type PortalAddress,
} from "@reelhouse/service-kit";
import { z } from "zod";

export const standaloneConfig = z
  .object(settingSchemas)
  .partial()
  .extend({
    dataDir: z.string().min(1).default("./data"),
    gatewayName: settingSchemas.gatewayName.default("gw1"),
    iscsiListen: portalAddresses.prefault("127.0.0.1:3260"),
    apiListen: listenAddress.prefault("127.0.0.1:8080"),
    cloudListen: listenAddress.prefault("127.0.0.1:9000"),
    gatewayControlListen: listenAddress.prefault("127.0.0.1:8081"),
    uploaderOpsListen: listenAddress.prefault("127.0.0.1:8082"),
    logLevel: settingSchemas.logLevel.default("info"),
  })
  .refine(
    ({ s3Bucket, s3Endpoint, kmsEndpoint }) =>
      s3Bucket !== undefined || (s3Endpoint ?? kmsEndpoint) === undefined,
    {
      path: ["s3Bucket"],
      // Beside the faults of other settings, not only after them.
      when: () => true,
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
export type Addresses = Readonly<Record<Exclude<Listener, "iscsiListen">, ListenAddress>> & {
  readonly iscsiListen: readonly PortalAddress[];
};

/** The embedded store stands in only when no real one is named. */
export const usesEmbeddedCloud = ({ s3Bucket }: Pick<StandaloneConfig, "s3Bucket">): boolean =>
  s3Bucket === undefined;
