/** KMS keys and aliases in the emulator's database. THE KEY MATERIAL LIES THERE IN THE CLEAR: not for production. */
import { randomBytes, randomUUID } from "node:crypto";
import { KmsError } from "../errors.ts";
import { jsonOf, textOf } from "../store/database.ts";
import type { Database, Row } from "../store/database.ts";

export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";

export interface KmsKey {
  readonly id: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly state: KeyState;
  readonly deletionAtMs: number | null;
  readonly rotationEnabled: boolean;
  /** base64; the last one encrypts, all decrypt. */
  readonly materials: readonly string[];
}

export interface Alias {
  readonly name: string;
  readonly keyId: string;
}

export interface KmsKeys {
  create(description: string): KmsKey;
  save(key: KmsKey): void;
  /** By id, ARN, alias or alias ARN; NotFoundException otherwise. */
  get(reference: string): KmsKey;
  list(): readonly KmsKey[];
  aliases(): readonly Alias[];
  createAlias(name: string, key: KmsKey): void;
  arn(key: Pick<KmsKey, "id">): string;
  aliasArn(name: string): string;
}

const KEY_BYTES = 32;
const ACCOUNT = "000000000000";

export const newMaterial = (): string => randomBytes(KEY_BYTES).toString("base64");

/** The key, if it may be used now. */
export const requireEnabled = (key: KmsKey): KmsKey => {
  if (key.state === "Disabled") throw new KmsError("DisabledException", `${key.id} is disabled.`);
  if (key.state === "PendingDeletion")
    throw new KmsError("KMSInvalidStateException", `${key.id} is pending deletion.`);
  return key;
};

const toKey = (row: Row): KmsKey => jsonOf<KmsKey>(row, "state");

export const openKeys = (database: Database, region: string): KmsKeys => {
  const save = (key: KmsKey) =>
    database.run("insert or replace into kms_keys values (?, ?)", key.id, JSON.stringify(key));
  const resolveAlias = (name: string): string => {
    const row = database.one("select key_id from kms_aliases where name = ?", name);
    if (row === undefined) throw new KmsError("NotFoundException", `Alias ${name} is not found.`);
    return textOf(row, "key_id");
  };
  return {
    create(description) {
      const key: KmsKey = {
        id: randomUUID(),
        description,
        createdAtMs: Date.now(),
        state: "Enabled",
        deletionAtMs: null,
        rotationEnabled: false,
        materials: [newMaterial()],
      };
      save(key);
      return key;
    },
    save,
    get(reference) {
      const local = reference.replace(/^arn:aws:kms:[^:]*:[^:]*:/, "");
      const id = local.startsWith("alias/") ? resolveAlias(local) : local.replace(/^key\//, "");
      const row = database.one("select state from kms_keys where id = ?", id);
      if (row === undefined)
        throw new KmsError("NotFoundException", `Key '${reference}' does not exist`);
      return toKey(row);
    },
    list: () => database.all("select state from kms_keys order by id").map(toKey),
    aliases: () =>
      database
        .all("select * from kms_aliases order by name")
        .map((row) => ({ name: textOf(row, "name"), keyId: textOf(row, "key_id") })),
    createAlias(name, key) {
      if (database.one("select 1 from kms_aliases where name = ?", name) !== undefined)
        throw new KmsError("AlreadyExistsException", `Alias ${name} already exists`);
      database.run("insert into kms_aliases values (?, ?)", name, key.id);
    },
    arn: ({ id }) => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`,
    aliasArn: (name) => `arn:aws:kms:${region}:${ACCOUNT}:${name}`,
  };
};

/** KeyMetadata as KMS writes it; times are seconds. */
export const keyMetadata = (keys: KmsKeys, key: KmsKey): Record<string, unknown> => ({
  KeyId: key.id,
  Arn: keys.arn(key),
  AWSAccountId: ACCOUNT,
  CreationDate: key.createdAtMs / 1000,
  Enabled: key.state === "Enabled",
  KeyState: key.state,
  Description: key.description,
  KeyUsage: "ENCRYPT_DECRYPT",
  KeySpec: "SYMMETRIC_DEFAULT",
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  KeyManager: "CUSTOMER",
  Origin: "AWS_KMS",
  MultiRegion: false,
  ...(key.deletionAtMs === null ? {} : { DeletionDate: key.deletionAtMs / 1000 }),
});
