/**
 * Cleaning cartridges. There is no head to clean, so the work is done when the cartridge is seated: what the drive asked
 * for by TapeAlert is taken back, and the use is counted with the cartridge, which is spent after fifty.
 */
import { be, readBe } from "../../bytes.ts";
import { tapeAlert } from "../../tape-alerts.ts";
import type { MaybePromise } from "../../task.ts";
import type { Medium, WriteResult } from "../medium.ts";
import { seatedCartridge } from "./seated-cartridge.ts";
import type { TapeDrive } from "../tape-drive.ts";

/** Vendor-specific device attribute: how often the cartridge has cleaned. */
export const cleaningCountAttribute = 0x0c00;
const countLength = 4;
export const cleaningsMax = 50;

function cleaningsOf(medium: Medium): number {
  const held = medium.attributes(0).find(({ identifier }) => identifier === cleaningCountAttribute);
  return held === undefined ? 0 : readBe(held.value, 0, countLength);
}

/** A cleaning cartridge does its work when it is seated; one of a format the drive does not know is complained of. */
export function greetCartridge(drive: TapeDrive, medium: Medium): MaybePromise<WriteResult> {
  const { usability } = seatedCartridge(drive.model, medium);
  if (usability === "none") drive.alerts.raise(tapeAlert.unsupportedFormat);
  if (usability === "only reads") drive.alerts.raise(tapeAlert.readOnlyFormat);
  if (usability !== "cleans") return { kind: "written" };
  drive.alerts.raise(tapeAlert.cleaningMedia);
  return cleanDrive(drive, medium);
}

/** Cleans, or complains of a spent cartridge (TapeAlert 22). A count that cannot be kept does not stop the cleaning. */
function cleanDrive(
  { alerts, account }: Pick<TapeDrive, "alerts" | "account">,
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
  account.cleaned();
  const value = be(before + 1, countLength);
  return medium.writeAttributes(0, [{ identifier: cleaningCountAttribute, format: 0, value }]);
}
