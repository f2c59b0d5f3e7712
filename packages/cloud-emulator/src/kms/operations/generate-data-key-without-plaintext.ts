/** GenerateDataKeyWithoutPlaintext. */
import { generateKey } from "../data-key.ts";
import type { KmsOperation } from "../operation.ts";

export const generateDataKeyWithoutPlaintext: KmsOperation = {
  name: "GenerateDataKeyWithoutPlaintext",
  execute: (request, keys) => generateKey(request, keys).answer,
};
