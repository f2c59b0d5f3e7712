/** DisableKeyRotation. */
import type { KmsOperation } from "../operation.ts";

export const disableKeyRotation: KmsOperation = {
  name: "DisableKeyRotation",
  execute(request, keys) {
    keys.save({ ...keys.get(request.text("KeyId")), rotationEnabled: false });
    return {};
  },
};
