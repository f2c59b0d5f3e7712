/**
 * CiphertextBlob: version (1), key id (16), material number (4), nonce (12), AES-256-GCM ciphertext, tag (16). The
 * encryption context, sorted, is authenticated with it, as KMS does.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { KmsError } from "../errors.ts";
import { requireEnabled } from "./keys.ts";
import type { KmsKey, KmsKeys } from "./keys.ts";

export type EncryptionContext = Readonly<Record<string, string>>;

const VERSION = 1;
const MATERIAL_OFFSET = 17;
const NONCE_OFFSET = 21;
const BODY_OFFSET = 33;
const TAG_BYTES = 16;

const associated = (head: Buffer, context: EncryptionContext): Buffer => {
  const entries = Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([head, Buffer.from(JSON.stringify(entries), "utf8")]);
};

export const encryptWith = (
  key: KmsKey,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Buffer => {
  const material = key.materials.length - 1;
  const head = Buffer.alloc(NONCE_OFFSET);
  head.writeUInt8(VERSION, 0);
  head.write(key.id.replaceAll("-", ""), 1, "hex");
  head.writeUInt32BE(material, MATERIAL_OFFSET);
  const nonce = randomBytes(BODY_OFFSET - NONCE_OFFSET);
  const secret = Buffer.from(key.materials[material] ?? "", "base64");
  const cipher = createCipheriv("aes-256-gcm", secret, nonce).setAAD(associated(head, context));
  return Buffer.concat([
    head,
    nonce,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
};

const readKeyId = (blob: Buffer): string =>
  blob
    .toString("hex", 1, MATERIAL_OFFSET)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

const decipher = (key: KmsKey, blob: Buffer, context: EncryptionContext): Buffer => {
  const material = key.materials[blob.readUInt32BE(MATERIAL_OFFSET)];
  if (material === undefined) throw new KmsError("InvalidCiphertextException");
  const nonce = blob.subarray(NONCE_OFFSET, BODY_OFFSET);
  const opener = createDecipheriv("aes-256-gcm", Buffer.from(material, "base64"), nonce)
    .setAAD(associated(blob.subarray(0, NONCE_OFFSET), context))
    .setAuthTag(blob.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([opener.update(blob.subarray(BODY_OFFSET, -TAG_BYTES)), opener.final()]);
  } catch {
    throw new KmsError("InvalidCiphertextException");
  }
};

/** The key names itself in the blob; `expectedKey`, if given, must be the same one. */
export const decryptBlob = (
  keys: KmsKeys,
  blob: Buffer,
  context: EncryptionContext,
  expectedKey: string | undefined,
): { readonly key: KmsKey; readonly plaintext: Buffer } => {
  if (blob.length < BODY_OFFSET + TAG_BYTES || blob[0] !== VERSION)
    throw new KmsError("InvalidCiphertextException");
  const key = requireEnabled(keys.get(readKeyId(blob)));
  if (expectedKey !== undefined && keys.get(expectedKey).id !== key.id)
    throw new KmsError("IncorrectKeyException");
  return { key, plaintext: decipher(key, blob, context) };
};
