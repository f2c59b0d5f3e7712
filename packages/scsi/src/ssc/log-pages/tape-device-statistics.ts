/** Tape Device Statistics, 3Eh (vendor specific, as Quantum's LTO drives have it): drive and volume over their lives. */
import { type LogPage, binary, clampedCounter } from "../../spc/log-pages/log-page.ts";
import type { TapeDrive } from "../tape-drive.ts";

const gigabyte = 1_000_000_000;

export const tapeDeviceStatistics = (drive: TapeDrive): LogPage => ({
  pageCode: 0x3e,
  name: "Tape Device Statistics",
  parameters: () => {
    const { volumeLoads, bytesWritten, bytesRead } = drive.lifetime;
    const ofVolume =
      drive.readyMedium === undefined ? [] : [clampedCounter(0x9000, drive.mount.history.loads, 4)];
    return [
      binary(0x7000, drive.alerts.bitmap),
      clampedCounter(0x8000, volumeLoads, 4),
      clampedCounter(0x8004, bytesWritten / gigabyte, 4),
      clampedCounter(0x8005, bytesRead / gigabyte, 4),
      ...ofVolume,
    ];
  },
});
