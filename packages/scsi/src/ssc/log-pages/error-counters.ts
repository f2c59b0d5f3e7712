/**
 * Write Error Counters, 02h, and Read Error Counters, 03h (SPC-5 7.3.9, 7.3.16). Nothing is written again, read again or
 * corrected here, so those counters are truly zero; what could not be mended, and the bytes, are counted.
 */
import { type LogPage, clampedCounter } from "../../spc/log-pages/log-page.ts";
import type { MountStatistics } from "../accounts/mount-statistics.ts";
import type { TapeDrive } from "../tape-drive.ts";

/** Corrected without delay, corrected with delay, rewrites or rereads, corrected in all, correction algorithm runs. */
const correctedCodes = [0, 1, 2, 3, 4];
const totalBytesProcessed = 5;
const totalUncorrectedErrors = 6;

const errorCounters = (
  drive: TapeDrive,
  { pageCode, name }: Pick<LogPage, "pageCode" | "name">,
  counted: (counters: MountStatistics) => { readonly bytes: number; readonly errors: number },
): LogPage => ({
  pageCode,
  name,
  reset: () => drive.mount.resetCountersOf(pageCode),
  parameters: () => {
    const { bytes, errors } = counted(drive.mount.countersOf(pageCode));
    return [
      ...correctedCodes.map((code) => clampedCounter(code, 0, 4)),
      clampedCounter(totalBytesProcessed, bytes, 8),
      clampedCounter(totalUncorrectedErrors, errors, 4),
    ];
  },
});

export const writeErrorCounters = (drive: TapeDrive): LogPage =>
  errorCounters(
    drive,
    { pageCode: 0x02, name: "Write Error Counters" },
    ({ bytesWritten, writeErrors }) => ({ bytes: bytesWritten, errors: writeErrors }),
  );

export const readErrorCounters = (drive: TapeDrive): LogPage =>
  errorCounters(
    drive,
    { pageCode: 0x03, name: "Read Error Counters" },
    ({ bytesRead, readErrors }) => ({ bytes: bytesRead, errors: readErrors }),
  );
