/**
 * The secrets of a deployment: each made once, kept, and laid into the volume of each container that needs it, for the
 * user it runs as and nobody else. Nothing here is ever printed.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createFile } from "@reelhouse/service-kit";

/** Users inside the containers: Dockerfile's own, and those of the official images. */
export const USERS = {
  root: 0,
  reelhouse: 10_001,
  postgres: 999,
  redis: 999,
  grafana: 472,
} as const;

const secretNames = [
  "service-token",
  "admin-token",
  "redis-password",
  "postgres-password",
  "grafana-password",
] as const;
export type Secrets = Readonly<Record<(typeof secretNames)[number], string>>;

const secretBytes = 32;

/** Reads each secret kept in `directory`, making those that are not there (256 random bits, safe in URLs). */
export const keepSecrets = async (directory: string): Promise<Secrets> => {
  const entries = secretNames.map(async (name) => {
    const file = path.join(directory, name);
    await createFile(file, `${randomBytes(secretBytes).toString("base64url")}\n`, { mode: 0o600 });
    const value = (await readFile(file, "utf8")).trim();
    if (value === "") throw new Error(`${file} is empty: remove it, and another is made`);
    return [name, value] as const;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the keys
  return Object.fromEntries(await Promise.all(entries)) as Secrets;
};

export interface SecretFile {
  /** Below the folder where the volumes are mounted. */
  readonly volume: string;
  readonly name: string;
  readonly uid: number;
  /** null: must not be there. */
  readonly text: string | null;
}

const file = (volume: string, uid: number, name: string, text: string | null): SecretFile => ({
  volume,
  name,
  uid,
  text,
});

/** Files of the operator's, as texts; empty: there is none. */
export interface GivenFiles {
  /** Without: the machine's role is used. */
  readonly awsCredentials: string;
  /** Without: access rules are set over the API alone. */
  readonly iscsiAccess: string;
}

const orNone = (text: string): string | null => (text === "" ? null : text);

/** What lies in which container's volume. */
export const secretFiles = (secrets: Secrets, given: GivenFiles): readonly SecretFile[] => {
  const queueUrl = `redis://:${secrets["redis-password"]}@redis:6379/0`;
  const databaseUrl = `postgresql://reelhouse:${secrets["postgres-password"]}@postgres:5432/reelhouse`;
  const aws = orNone(given.awsCredentials);
  const { reelhouse, postgres, redis, grafana } = USERS;
  return [
    file("gateway-secrets", reelhouse, "service-token", secrets["service-token"]),
    file("gateway-secrets", reelhouse, "queue-url", queueUrl),
    file("gateway-secrets", reelhouse, "aws-credentials", aws),
    file("gateway-secrets", reelhouse, "iscsi-access", orNone(given.iscsiAccess)),
    file("uploader-secrets", reelhouse, "queue-url", queueUrl),
    file("uploader-secrets", reelhouse, "aws-credentials", aws),
    file("inventory-secrets", reelhouse, "service-token", secrets["service-token"]),
    file("inventory-secrets", reelhouse, "admin-token", secrets["admin-token"]),
    file("inventory-secrets", reelhouse, "database-url", databaseUrl),
    file("postgres-secrets", postgres, "password", secrets["postgres-password"]),
    file("redis-secrets", redis, "redis.conf", `requirepass ${secrets["redis-password"]}`),
    file("redis-secrets", redis, "password", secrets["redis-password"]),
    file("grafana-secrets", grafana, "password", secrets["grafana-password"]),
  ];
};
