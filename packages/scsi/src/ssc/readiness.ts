/** Why medium access commands cannot run: no cartridge, one that the drive cannot use, or work under way (SSC-5 4.2.2). */
import { check } from "../completion.ts";
import type { Completion } from "../task.ts";
import { notReadyDuring } from "./operation.ts";
import { unusable } from "./cartridges/seated-cartridge.ts";
import type { TapeDrive } from "./tape-drive.ts";

/** The answer of a drive without a ready medium. An unusable cartridge is told of while it is seated, threaded or not. */
export function notReady({ operation, seated, state }: TapeDrive): Completion {
  if (operation !== undefined) return notReadyDuring(operation);
  const told = seated === undefined ? undefined : unusable(seated);
  return told ?? check(state === "held" ? "initializingCommandRequired" : "mediumNotPresent");
}
