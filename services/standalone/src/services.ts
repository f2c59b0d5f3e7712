/** The services the launcher runs, and the environment each gets. Secrets travel by file or environment, never as arguments. */
import path from "node:path";
import {
  formatAddress,
  formatPortals,
  type Environment,
  type ListenAddress,
} from "@reelhouse/service-kit";
import { EMBEDDED_CLOUD, type CloudCredentials } from "@reelhouse/cloud-emulator";
import { LISTENER_KEYS, LISTENERS, type Addresses } from "./config.ts";
import type { DataLayout } from "./layout.ts";
import { databaseUrl, DATABASES } from "./postgres/databases.ts";
import type { ServiceDefinition } from "./supervise/service-process.ts";

const servicesDirectory = path.resolve(import.meta.dirname, "../..");
const mainOf = (service: string) => path.join(servicesDirectory, service, "src/main.ts");

export interface ServiceRow {
  readonly name: string;
  readonly stopTimeoutMs: number;
}

/**
 * In order of start; they stop in the opposite order, so the gateway drains before what it leans on goes. The limits
 * leave Postgres its share of the ten seconds a whole stop may take.
 */
export const SERVICES: readonly ServiceRow[] = [
  { name: "inventory", stopTimeoutMs: 1500 },
  { name: "uploader", stopTimeoutMs: 2000 },
  { name: "gateway", stopTimeoutMs: 4000 },
];
const cloudStopTimeoutMs = 1000;

/** A server that listens on all addresses is reached over loopback. */
export const urlOf = ({ host, port }: ListenAddress): string => {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${formatAddress({ host: reached, port })}`;
};

export interface Surroundings {
  readonly inherited: Environment;
  readonly layout: DataLayout;
  readonly addresses: Addresses;
  readonly socketDirectory: string;
}

const commonEnvironment = ({
  inherited,
  layout,
  addresses,
  socketDirectory,
}: Surroundings): Environment => {
  const listens = LISTENER_KEYS.map((listener) => [
    LISTENERS[listener],
    listener === "iscsiListen"
      ? formatPortals(addresses.iscsiListen)
      : formatAddress(addresses[listener]),
  ]);
  return {
    ...inherited,
    ...Object.fromEntries(listens),
    REELHOUSE_DATA_DIR: layout.root,
    REELHOUSE_ADMIN_TOKEN_FILE: layout.adminToken,
    REELHOUSE_SERVICE_TOKEN_FILE: layout.serviceToken,
    REELHOUSE_DATABASE_URL: databaseUrl(socketDirectory, DATABASES.catalogue),
    REELHOUSE_QUEUE_URL: databaseUrl(socketDirectory, DATABASES.queue),
    REELHOUSE_GATEWAY_CONTROL_URL: urlOf(addresses.gatewayControlListen),
    REELHOUSE_INVENTORY_URL: urlOf(addresses.apiListen),
  };
};

/** Points the SDKs at the embedded store, and away from whatever account the user's shell is signed in to. */
const embeddedCloudEnvironment = (
  addresses: Addresses,
  credentials: CloudCredentials,
): Environment => ({
  REELHOUSE_S3_ENDPOINT: urlOf(addresses.cloudListen),
  REELHOUSE_KMS_ENDPOINT: urlOf(addresses.cloudListen),
  REELHOUSE_S3_BUCKET: EMBEDDED_CLOUD.bucket,
  REELHOUSE_KMS_KEY_ID: EMBEDDED_CLOUD.keyAlias,
  AWS_REGION: EMBEDDED_CLOUD.region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
});

export const cloudService = (surroundings: Surroundings): ServiceDefinition => ({
  name: "cloud",
  main: mainOf("cloud"),
  environment: commonEnvironment(surroundings),
  stopTimeoutMs: cloudStopTimeoutMs,
});

/** `credentials`: of the embedded store, if it is used; else AWS's own variables go through. */
export const productServices = (
  surroundings: Surroundings,
  credentials: CloudCredentials | null,
  services = SERVICES,
): readonly ServiceDefinition[] =>
  services.map(({ name, stopTimeoutMs }) => ({
    name,
    main: mainOf(name),
    stopTimeoutMs,
    environment: {
      ...commonEnvironment(surroundings),
      ...(credentials === null
        ? {}
        : embeddedCloudEnvironment(surroundings.addresses, credentials)),
    },
  }));
