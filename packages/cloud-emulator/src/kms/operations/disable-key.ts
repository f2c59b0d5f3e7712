/** DisableKey. */
import { KmsError } from "../../errors.ts";
import type { KmsOperation } from "../operation.ts";

export const disableKey: KmsOperation = {
  name: "DisableKey",
  execute(request, keys) {
    const key = keys.get(request.text("KeyId"));
    if (key.state === "PendingDeletion") throw new KmsError("KMSInvalidStateException");
    keys.save({ ...key, state: "Disabled" });
    return {};
  },
};
