/**
 * Tape Usage log page, 30h (vendor specific of LTO drives): the volume's life. Volume Statistics has the same parameters
 * under the same codes. Nothing is ever tried again or suspended, so those counters are truly zero.
 */
import { type LogPage, type LogParameter, clampedCounter } from "../../spc/log-pages/log-page.ts";
import type { TapeDrive } from "../tape-drive.ts";
import type { VolumeHistory } from "../accounts/volume-history.ts";

/** Bytes of user data in a data set of LTO-5 and LTO-6; data sets are counted as so many bytes. */
const dataSetBytes = 2_472_960;

const dataSets = (bytes: number) => Math.ceil(bytes / dataSetBytes);

export function usage(history: VolumeHistory): readonly LogParameter[] {
  return [
    clampedCounter(0x0001, history.loads, 4),
    clampedCounter(0x0002, dataSets(history.bytesWritten), 8),
    // Write retries.
    clampedCounter(0x0003, 0, 4),
    clampedCounter(0x0004, history.writeErrors, 2),
    // Suspended writes, fatal suspended writes.
    clampedCounter(0x0005, 0, 2),
    clampedCounter(0x0006, 0, 2),
    clampedCounter(0x0007, dataSets(history.bytesRead), 8),
    // Read retries.
    clampedCounter(0x0008, 0, 4),
    clampedCounter(0x0009, history.readErrors, 2),
    // Suspended reads, fatal suspended reads.
    clampedCounter(0x000a, 0, 2),
    clampedCounter(0x000b, 0, 2),
  ];
}

export const tapeUsage = (drive: TapeDrive): LogPage => ({
  pageCode: 0x30,
  name: "Tape Usage",
  parameters: () => (drive.readyMedium === undefined ? [] : usage(drive.mount.history)),
});
