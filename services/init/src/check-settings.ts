/** All settings of a deployment at once, before any service starts: either what init needs of them, or every fault. */
import {
  ConfigError,
  KNOWN_SETTINGS,
  listenAddress,
  loadConfig,
  settingSchemas,
  type Environment,
  type SettingRow,
} from "@reelhouse/service-kit";
import { z } from "zod";
import { DEPLOYMENT_SETTINGS, SETTLED } from "./deployment-settings.ts";

/** The emulator's name in the compose network. */
export const emulatorHost = "cloud";

const { s3Bucket, ...optional } = settingSchemas;
const schema = z
  .object(optional)
  .partial()
  .extend({
    s3Bucket,
    iscsiPublish: listenAddress.optional(),
    apiPublish: listenAddress.optional(),
    prometheusPublish: listenAddress.optional(),
    grafanaPublish: listenAddress.optional(),
    mediaVolume: z
      .string()
      .regex(/^(\/.+|media)$/, "is neither")
      .optional(),
  });
export type DeploymentConfig = Readonly<z.infer<typeof schema>>;

const known: Readonly<Record<string, SettingRow>> = {
  ...KNOWN_SETTINGS,
  ...Object.fromEntries(
    Object.entries(DEPLOYMENT_SETTINGS).map(([name, row]) => [name, { ...row, readers: [] }]),
  ),
};

const settledFaults = (environment: Environment) =>
  Object.entries(SETTLED)
    .filter(([name]) => (environment[name] ?? "") !== "")
    .map(([name, instead]) => {
      const other = instead === null ? "unset it" : `set ${instead} instead`;
      return `${name}: is settled by docker-compose.yml. To fix: ${other}.`;
    });

const secretNames = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
const secretFaults = (environment: Environment) =>
  secretNames
    .filter((name) => (environment[name] ?? "") !== "")
    .map(
      (name) =>
        `${name}: must not stand in .env, where docker inspect shows it. ` +
        "To fix: write it into a file like ~/.aws/credentials, mode 600, and name that in REELHOUSE_AWS_CREDENTIALS_FILE.",
    );

const credentialFaults = (credentials: string) =>
  credentials.trim() === "" ||
  (/^\s*aws_access_key_id\s*=\s*\S/m.test(credentials) &&
    /^\s*aws_secret_access_key\s*=\s*\S/m.test(credentials))
    ? []
    : [
        "REELHOUSE_AWS_CREDENTIALS_FILE: the file holds no aws_access_key_id and aws_secret_access_key. " +
          "To fix: [default], aws_access_key_id = …, aws_secret_access_key = …, a line each.",
      ];

const usesEmulator = (url: string | undefined) =>
  url !== undefined && URL.canParse(url) && new URL(url).hostname === emulatorHost;

const emulatorFaults = (environment: Environment, emulatorRuns: boolean) =>
  emulatorRuns
    ? []
    : ["REELHOUSE_S3_ENDPOINT", "REELHOUSE_KMS_ENDPOINT"]
        .filter((name) => usesEmulator(environment[name]))
        .map(
          (name) =>
            `${name}: ${environment[name]} is the emulator, which does not run. To fix: for AWS the empty line ${name}= in .env, ` +
            "for another store its URL; or, for trying only, docker compose --profile emulator up -d.",
        );

const withFaultsOf = (load: () => DeploymentConfig): DeploymentConfig | readonly string[] => {
  try {
    return load();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

export interface Surroundings {
  /** Compose's variables and what stands in .env. */
  readonly environment: Environment;
  readonly emulatorRuns: boolean;
  /** The text of the file that REELHOUSE_AWS_CREDENTIALS_FILE names; empty without. */
  readonly awsCredentials: string;
}

export interface CheckedSettings {
  readonly usesEmulator: boolean;
}

/** Throws ConfigError with all faults. */
export const checkSettings = ({
  environment,
  emulatorRuns,
  awsCredentials,
}: Surroundings): CheckedSettings => {
  const loaded = withFaultsOf(() => loadConfig(schema, environment, { known }));
  const faults = [
    ...(Array.isArray(loaded) ? loaded : []),
    ...settledFaults(environment),
    ...secretFaults(environment),
    ...credentialFaults(awsCredentials),
    ...emulatorFaults(environment, emulatorRuns),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  return { usesEmulator: usesEmulator(environment["REELHOUSE_S3_ENDPOINT"]) };
};
