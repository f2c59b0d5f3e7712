/**
 * Tape Capacity log page, 31h (vendor specific of LTO drives), in MiB: what is left between end of data and the end of
 * the first two partitions, and what they hold. The page knows no more than two; Volume Statistics has all.
 */
import { type LogPage, clampedCounter } from "../../spc/log-pages/log-page.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { remainingBytes } from "../capacity/remaining-capacity.ts";

const mebibyte = 1024 * 1024;

export const tapeCapacity = (drive: TapeDrive): LogPage => ({
  pageCode: 0x31,
  name: "Tape Capacity",
  parameters: () => {
    const medium = drive.readyMedium;
    const [main, alternate] = medium === undefined ? [] : medium.partitions;
    const remaining = [main, alternate].map((each) => (each ? remainingBytes(each) : 0));
    const maximum = [main, alternate].map((each) => each?.capacityBytes ?? 0);
    return [...remaining, ...maximum].map((bytes, index) =>
      clampedCounter(index + 1, bytes / mebibyte, 4),
    );
  },
});
