/** Decrypt. */
import { decryptBlob } from "../ciphertext.ts";
import type { KmsOperation } from "../operation.ts";

export const decrypt: KmsOperation = {
  name: "Decrypt",
  execute(request, keys) {
    const blob = request.bytes("CiphertextBlob");
    const { key, plaintext } = decryptBlob(
      keys,
      blob,
      request.context(),
      request.optionalText("KeyId"),
    );
    return {
      Plaintext: plaintext.toString("base64"),
      KeyId: keys.arn(key),
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    };
  },
};
