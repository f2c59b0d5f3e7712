/** What a command changes and the device's store is to keep: GOOD only when it has it, as a restart would forget it. */
import { AssertionError } from "node:assert/strict";
import { check, good } from "../completion.ts";
import type { Completion, MaybePromise } from "../task.ts";

/**
 * The answer to a command whose effect `kept` is to keep. When the store could not, `undo` takes it back, and the command
 * is HARDWARE ERROR 44/00: the disk's trouble must neither be hidden nor stop the other devices.
 */
export function answerWhenKept(
  kept: MaybePromise<void>,
  undo: () => void = () => undefined,
): MaybePromise<Completion> {
  if (!(kept instanceof Promise)) return good();
  return kept.then(
    () => good(),
    (error: unknown) => {
      if (error instanceof AssertionError) throw error;
      undo();
      return check("internalTargetFailure");
    },
  );
}
