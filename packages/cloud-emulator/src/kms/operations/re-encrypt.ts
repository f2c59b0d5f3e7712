/** ReEncrypt. */
import { decryptBlob, encryptWith } from "../ciphertext.ts";
import { requireEnabled } from "../keys.ts";
import type { KmsOperation } from "../operation.ts";

export const reEncrypt: KmsOperation = {
  name: "ReEncrypt",
  execute(request, keys) {
    const source = decryptBlob(
      keys,
      request.bytes("CiphertextBlob"),
      request.context("SourceEncryptionContext"),
      request.optionalText("SourceKeyId"),
    );
    const destination = requireEnabled(keys.get(request.text("DestinationKeyId")));
    const context = request.context("DestinationEncryptionContext");
    return {
      CiphertextBlob: encryptWith(destination, source.plaintext, context).toString("base64"),
      SourceKeyId: keys.arn(source.key),
      KeyId: keys.arn(destination),
      SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    };
  },
};
