/**
 * Runs once before the services of a deployment, at every `docker compose up`: checks all settings, makes the secrets that
 * are not there, gives each volume to its user. Exit 0: the services may start; 1: the screen says what is wrong.
 */
/* oxlint-disable node/no-process-env -- The one place where it takes its settings. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { lookup } from "node:dns/promises";
import { EMBEDDED_CLOUD } from "@reelhouse/cloud-emulator";
import { ConfigError, errorCode } from "@reelhouse/service-kit";
import { checkSettings, emulatorHost } from "./check-settings.ts";
import { emulatorProfile } from "./emulator-profile.ts";
import { giveFolder, laySecret } from "./owned-files.ts";
import { keepSecrets, secretFiles, USERS } from "./secrets.ts";

/** Where docker-compose.yml mounts the volumes and the operator's credentials for us. */
const root = "/volumes";
const awsCredentialsFile = "/run/secrets/aws-credentials";
const iscsiAccessFile = "/run/secrets/iscsi-access";
const dataVolumes = [
  ["gateway-data", USERS.reelhouse],
  ["media", USERS.reelhouse],
  ["postgres-data", USERS.postgres],
  ["redis-data", USERS.redis],
] as const;

const textOf = async (file: string): Promise<string> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "";
    throw error;
  }
};

const isThere = (host: string): Promise<boolean> =>
  lookup(host).then(
    () => true,
    () => false,
  );

try {
  const emulatorRuns = await isThere(emulatorHost);
  const given = await textOf(awsCredentialsFile);
  const { usesEmulator } = checkSettings({
    environment: process.env,
    emulatorRuns,
    awsCredentials: given,
  });
  const { folder, credentialsFile } = EMBEDDED_CLOUD;
  const awsCredentials = usesEmulator
    ? emulatorProfile(await textOf(path.join(root, "cloud-data", folder, credentialsFile)))
    : given;
  const iscsiAccess = await textOf(iscsiAccessFile);
  const secrets = await keepSecrets(path.join(root, "kept-secrets"));
  const files = secretFiles(secrets, { awsCredentials, iscsiAccess });
  const owners = new Map<string, number>(dataVolumes);
  for (const { volume, uid } of files) owners.set(volume, uid);
  for (const [volume, uid] of owners) await giveFolder(path.join(root, volume), uid);
  for (const file of files) await laySecret(root, file);
  console.log(`settings checked, ${files.length} secret files in place`);
  if (usesEmulator) console.log("the S3 and KMS emulator is used: NOT FOR PRODUCTION");
  else if (given === "") console.log("no AWS credentials file: the role of this machine is used");
} catch (error) {
  const text = error instanceof ConfigError ? error.message : String(error);
  console.error(`Reelhouse cannot start: ${text}`);
  process.exitCode = 1;
}
