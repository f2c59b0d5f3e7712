/**
 * Cleaning cartridges. There is no head to clean, so the work is done when the cartridge is seated: what the drive asked
 * for by TapeAlert is taken back, and the use is counted with the cartridge, which is spent after fifty.
 */
import { be, readBe } from "../bytes.ts";
import { tapeAlert } from "../tape-alerts.ts";
import type { MaybePromise } from "../task.ts";
import type { Medium, WriteResult } from "./medium.ts";
import type { TapeDrive } from "./tape-drive.ts";

/** Vendor-specific device attribute: how often the cartridge has cleaned. */
export const cleaningCountAttribute = 0x0c00;
const countLength = 4;
export const cleaningsMax = 50;

function cleaningsOf(medium: Medium): number {
  const held = medium.attributes(0).find(({ identifier }) => identifier === cleaningCountAttribute);
  return held === undefined ? 0 : readBe(held.value, 0, countLength);
}

/** Cleans, or complains of a spent cartridge (TapeAlert 22). A count that cannot be kept does not stop the cleaning. */
export function cleanDrive(
  { alerts }: Pick<TapeDrive, "alerts">,
  medium: Medium,
): MaybePromise<WriteResult> {
  const before = cleaningsOf(medium);
  if (before >= cleaningsMax) {
    alerts.raise(tapeAlert.expiredCleaningMedia);
    return { kind: "written" };
  }
  alerts.lower(tapeAlert.cleanNow);
  alerts.lower(tapeAlert.cleanPeriodic);
  alerts.lower(tapeAlert.expiredCleaningMedia);
  const value = be(before + 1, countLength);
  return medium.writeAttributes(0, [{ identifier: cleaningCountAttribute, format: 0, value }]);
}
