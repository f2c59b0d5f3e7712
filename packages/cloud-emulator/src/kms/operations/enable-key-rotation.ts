/** EnableKeyRotation: remembered; the emulator rotates only on demand. */
import type { KmsOperation } from "../operation.ts";

export const enableKeyRotation: KmsOperation = {
  name: "EnableKeyRotation",
  execute(request, keys) {
    keys.save({ ...keys.get(request.text("KeyId")), rotationEnabled: true });
    return {};
  },
};
