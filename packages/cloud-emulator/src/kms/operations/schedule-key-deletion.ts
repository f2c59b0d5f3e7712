/** ScheduleKeyDeletion: the key stops working at once; the emulator never really deletes it. */
import { KmsError } from "../../errors.ts";
import type { KmsOperation } from "../operation.ts";

const DAY_MS = 86_400_000;
const WINDOW_DAYS_DEFAULT = 30;

export const scheduleKeyDeletion: KmsOperation = {
  name: "ScheduleKeyDeletion",
  execute(request, keys) {
    const key = keys.get(request.text("KeyId"));
    if (key.state === "PendingDeletion") throw new KmsError("KMSInvalidStateException");
    const days = request.optionalNumber("PendingWindowInDays") ?? WINDOW_DAYS_DEFAULT;
    if (days < 7 || days > WINDOW_DAYS_DEFAULT)
      throw new KmsError("ValidationException", "PendingWindowInDays is 7 to 30.");
    const deletionAtMs = Date.now() + days * DAY_MS;
    keys.save({ ...key, state: "PendingDeletion", deletionAtMs });
    return { KeyId: keys.arn(key), DeletionDate: deletionAtMs / 1000, KeyState: "PendingDeletion" };
  },
};
