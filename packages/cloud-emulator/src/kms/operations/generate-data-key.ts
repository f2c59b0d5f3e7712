/** GenerateDataKey. */
import { generateKey } from "../data-key.ts";
import type { KmsOperation } from "../operation.ts";

export const generateDataKey: KmsOperation = {
  name: "GenerateDataKey",
  execute(request, keys) {
    const { plaintext, answer } = generateKey(request, keys);
    return { ...answer, Plaintext: plaintext.toString("base64") };
  },
};
