/** GetKeyRotationStatus. */
import type { KmsOperation } from "../operation.ts";

const PERIOD_DAYS = 365;

export const getKeyRotationStatus: KmsOperation = {
  name: "GetKeyRotationStatus",
  execute(request, keys) {
    const key = keys.get(request.text("KeyId"));
    return {
      KeyId: keys.arn(key),
      KeyRotationEnabled: key.rotationEnabled,
      ...(key.rotationEnabled ? { RotationPeriodInDays: PERIOD_DAYS } : {}),
    };
  },
};
