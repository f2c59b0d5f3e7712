/** What GenerateDataKey and GenerateDataKeyWithoutPlaintext share. */
import { randomBytes } from "node:crypto";
import { KmsError } from "../errors.ts";
import { encryptWith } from "./ciphertext.ts";
import { requireEnabled } from "./keys.ts";
import type { KmsKeys } from "./keys.ts";
import type { KmsRequest } from "./operation.ts";

const SPEC_BYTES: Readonly<Record<string, number>> = { AES_128: 16, AES_256: 32 };
const BYTES_MAX = 1024;

export interface DataKey {
  readonly plaintext: Buffer;
  readonly answer: Record<string, unknown>;
}

export const generateKey = (request: KmsRequest, keys: KmsKeys): DataKey => {
  const key = requireEnabled(keys.get(request.text("KeyId")));
  const byteLength =
    request.optionalNumber("NumberOfBytes") ?? SPEC_BYTES[request.optionalText("KeySpec") ?? ""];
  if (byteLength === undefined || byteLength < 1 || byteLength > BYTES_MAX)
    throw new KmsError("ValidationException", "Give KeySpec or NumberOfBytes (1 to 1024).");
  const plaintext = randomBytes(byteLength);
  const blob = encryptWith(key, plaintext, request.context());
  return {
    plaintext,
    answer: { CiphertextBlob: blob.toString("base64"), KeyId: keys.arn(key) },
  };
};
