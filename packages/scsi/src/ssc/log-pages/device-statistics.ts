/** Device Statistics log page, 14h (SSC-5 8.3.6): the drive's life. Nothing moves, wears or is cleaned: no hours of motion. */
import { ascii } from "../../bytes.ts";
import { type LogPage, binary, clampedCounter, text } from "../../spc/log-pages/log-page.ts";
import { powerOnHours } from "../accounts/drive-lifetime.ts";
import type { TapeDrive } from "../tape-drive.ts";

const serialNumberLength = 32;

export const deviceStatistics = (drive: TapeDrive): LogPage => ({
  pageCode: 0x14,
  name: "Device Statistics",
  parameters: () => {
    const { lifetime } = drive;
    const { volumeLoads, cleaningOperations, powerCycles, writeErrors, readErrors } = lifetime;
    return [
      clampedCounter(0x0000, volumeLoads, 4),
      clampedCounter(0x0001, cleaningOperations, 4),
      clampedCounter(0x0002, powerOnHours(lifetime), 4),
      clampedCounter(0x000c, powerCycles, 4),
      clampedCounter(0x000d, volumeLoads, 4),
      clampedCounter(0x000e, writeErrors, 4),
      clampedCounter(0x000f, readErrors, 4),
      text(0x0041, ascii(drive.identity.serialNumber, serialNumberLength)),
      binary(0x0080, Uint8Array.of(drive.preventsRemoval ? 1 : 0)),
    ];
  },
});
