/** GenerateRandom. */
import { randomBytes } from "node:crypto";
import { KmsError } from "../../errors.ts";
import type { KmsOperation } from "../operation.ts";

const BYTES_MAX = 1024;

export const generateRandom: KmsOperation = {
  name: "GenerateRandom",
  execute(request) {
    const byteLength = request.optionalNumber("NumberOfBytes") ?? 0;
    if (byteLength < 1 || byteLength > BYTES_MAX)
      throw new KmsError("ValidationException", "NumberOfBytes");
    return { Plaintext: randomBytes(byteLength).toString("base64") };
  },
};
