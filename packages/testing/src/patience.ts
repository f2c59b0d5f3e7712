/** What a backup program does when a tape says "not now": it asks again. BUSY, and NOT READY in its passing forms. */
import { SCSI_STATUS } from "./initiator/opcodes.ts";
import { ScsiError } from "./scsi-device.ts";
import { pause } from "./wait-until.ts";

const NOT_READY = 0x02;
/** LOGICAL UNIT NOT READY; with these qualifiers it passes by itself (SPC-5 annex D). */
const LOGICAL_UNIT_NOT_READY = 0x04;
const PASSING = new Set([0x01, 0x04, 0x07, 0x08, 0x0a, 0x13, 0x1a]);
const PAUSE_MS = 50;

/** True when the same command, sent again later, may end GOOD, and was not performed this time. */
export const isPassing = (error: unknown): boolean => {
  if (!(error instanceof ScsiError)) return false;
  const { status, sense } = error.result;
  if (status === SCSI_STATUS.busy || status === SCSI_STATUS.taskSetFull) return true;
  return (
    sense?.senseKey === NOT_READY &&
    sense.additionalSenseCode === LOGICAL_UNIT_NOT_READY &&
    PASSING.has(sense.additionalSenseCodeQualifier)
  );
};

/** Runs `act` until it is done, or fails for good, or `timeoutMs` are over; `waited` is told of every refusal. */
export const patiently = async <T>(
  act: () => Promise<T>,
  options: { readonly timeoutMs: number; readonly waited?: () => void },
): Promise<T> => {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error) || Date.now() >= deadline) throw error;
      options.waited?.();
      await pause(PAUSE_MS);
    }
  }
};
