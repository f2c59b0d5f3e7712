/** RotateKeyOnDemand: new material encrypts from now on, the old still decrypts. */
import { newMaterial, requireEnabled } from "../keys.ts";
import type { KmsOperation } from "../operation.ts";

export const rotateKeyOnDemand: KmsOperation = {
  name: "RotateKeyOnDemand",
  execute(request, keys) {
    const key = requireEnabled(keys.get(request.text("KeyId")));
    keys.save({ ...key, materials: [...key.materials, newMaterial()] });
    return { KeyId: keys.arn(key) };
  },
};
