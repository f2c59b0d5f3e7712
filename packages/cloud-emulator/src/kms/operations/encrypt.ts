/** Encrypt: 1 to 4096 bytes. */
import { KmsError } from "../../errors.ts";
import { encryptWith } from "../ciphertext.ts";
import { requireEnabled } from "../keys.ts";
import type { KmsOperation } from "../operation.ts";

const PLAINTEXT_BYTES_MAX = 4096;

export const encrypt: KmsOperation = {
  name: "Encrypt",
  execute(request, keys) {
    const key = requireEnabled(keys.get(request.text("KeyId")));
    const plaintext = request.bytes("Plaintext");
    if (plaintext.length < 1 || plaintext.length > PLAINTEXT_BYTES_MAX)
      throw new KmsError("ValidationException", "1 validation error detected: plaintext length");
    return {
      CiphertextBlob: encryptWith(key, plaintext, request.context()).toString("base64"),
      KeyId: keys.arn(key),
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    };
  },
};
