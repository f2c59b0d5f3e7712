/**
 * IMMED of REWIND, LOCATE and LOAD UNLOAD (SSC-5 7.2 to 7.4, 7.10): GOOD is sent when the movement has begun. As in an LTO
 * drive the commands behind it wait in their order until it has ended, so that none finds the medium on its way.
 */
import { good } from "../../completion.ts";
import { encodeSense } from "../../sense.ts";
import { status } from "../../status.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Mounted } from "../commands/command.ts";
import { keepFailure } from "../operation.ts";

/**
 * `movement` with its status sent before it ends, if it takes time: what is buffered has been stored. What it comes to is
 * then a deferred error for who asked. It ends as the command would: by a reset, or when the nexus's tasks are ended.
 */
export function answeredEarly(
  { drive, call }: Pick<Mounted, "drive" | "call">,
  immed: boolean,
  movement: MaybePromise<Completion>,
): MaybePromise<Completion> {
  if (!immed || !(movement instanceof Promise)) return movement;
  const ended = async (): Promise<void> => {
    const outcome = await movement;
    if (outcome.status === status.good || call.aborted) return;
    keepFailure(drive, outcome.sense ?? encodeSense("mechanicalPositioningError"), call.nexus);
  };
  drive.logicalUnit.holdUntil(ended());
  return good();
}
