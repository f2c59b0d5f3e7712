/** The drive's log pages, by page code. Only what the drive knows is there: parameters it cannot count are left out. */
import { ascii, be, join } from "../bytes.ts";
import { type LogPage, binary, counter } from "../spc/log-pages/log-page.ts";
import { tapeAlertLogPage } from "../spc/log-pages/tape-alert.ts";
import type { TapeDrive } from "./tape-drive.ts";

const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;
const volumeBarcodeLength = 32;

/** Sequential-access Device log page, 0Ch (SSC-5 8.3.2): bytes to and from the application clients and the medium. */
const sequentialAccessDevice = (drive: TapeDrive): LogPage => ({
  pageCode: 0x0c,
  name: "Sequential-access Device",
  parameters: () => {
    const { bytesWritten, bytesRead } = drive.statistics;
    return [bytesWritten, bytesWritten, bytesRead, bytesRead].map((bytes, code) =>
      counter(code, bytes, 8),
    );
  },
});

/** One partition's value in a partition record (SSC-5 8.3.6). */
const partitionRecord = (value: number) => join(7, 0, be(0, 2), be(value, 4));

/** Volume Statistics log page, 17h (SSC-5 8.3.6), of this mount. */
const volumeStatistics = (drive: TapeDrive): LogPage => ({
  pageCode: 0x17,
  name: "Volume Statistics",
  parameters: () => {
    const { medium, statistics } = drive;
    const pageValid = binary(0x0000, Uint8Array.of(medium === undefined ? 0 : 1));
    if (medium === undefined) return [pageValid];
    return [
      pageValid,
      counter(0x000c, statistics.writeErrors, 2),
      counter(0x000d, statistics.readErrors, 2),
      counter(0x000e, Math.floor(statistics.bytesWritten / megabyte), 4),
      counter(0x000f, Math.floor(statistics.bytesRead / megabyte), 4),
      counter(0x0016, Math.floor(medium.capacityBytes / megabyte), 4),
      { code: 0x0042, value: ascii(medium.barcode, volumeBarcodeLength), format: "ascii" },
      binary(0x0080, Uint8Array.of(medium.writeProtected ? 1 : 0)),
      binary(0x0081, Uint8Array.of(medium.worm ? 1 : 0)),
      counter(0x0101, statistics.beginningOfMediumPasses, 4),
      binary(0x0202, partitionRecord(Math.floor(medium.capacityBytes / megabyte))),
    ];
  },
});

/** Tape Capacity, 31h (vendor specific of LTO drives): MiB of the main partition after the position, and in all. */
const tapeCapacity = (drive: TapeDrive): LogPage => ({
  pageCode: 0x31,
  name: "Tape Capacity",
  parameters: () => {
    const { medium } = drive;
    const capacity = medium?.capacityBytes ?? 0;
    const remaining = Math.max(0, capacity - (medium?.position.byteOffset ?? 0));
    return [remaining, 0, capacity, 0].map((bytes, index) =>
      counter(index + 1, Math.floor(bytes / mebibyte), 4),
    );
  },
});

export const driveLogPages = (drive: TapeDrive): readonly LogPage[] => [
  sequentialAccessDevice(drive),
  volumeStatistics(drive),
  tapeAlertLogPage(drive.alerts),
  tapeCapacity(drive),
];
