/** CancelKeyDeletion: the key is Disabled afterwards, as in KMS. */
import { KmsError } from "../../errors.ts";
import type { KmsOperation } from "../operation.ts";

export const cancelKeyDeletion: KmsOperation = {
  name: "CancelKeyDeletion",
  execute(request, keys) {
    const key = keys.get(request.text("KeyId"));
    if (key.state !== "PendingDeletion") throw new KmsError("KMSInvalidStateException");
    keys.save({ ...key, state: "Disabled", deletionAtMs: null });
    return { KeyId: keys.arn(key) };
  },
};
