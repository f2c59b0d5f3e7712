/** CreateKey: symmetric keys only. */
import { KmsError } from "../../errors.ts";
import { keyMetadata } from "../keys.ts";
import type { KmsOperation } from "../operation.ts";

export const createKey: KmsOperation = {
  name: "CreateKey",
  execute(request, keys) {
    if ((request.optionalText("KeySpec") ?? "SYMMETRIC_DEFAULT") !== "SYMMETRIC_DEFAULT")
      throw new KmsError("ValidationException", "The emulator has only SYMMETRIC_DEFAULT keys.");
    const key = keys.create(request.optionalText("Description") ?? "");
    return { KeyMetadata: keyMetadata(keys, key) };
  },
};
