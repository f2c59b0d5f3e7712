/** Volume Statistics log page, 17h (SSC-5 8.3.8): this mount, the volume's life from its memory, and each partition. */
import { ascii, be, join } from "../../bytes.ts";
import {
  type LogPage,
  type LogParameter,
  binary,
  clampedCounter,
  text,
} from "../../spc/log-pages/log-page.ts";
import { mediumManufacturer } from "../attributes/medium-attributes.ts";
import type { Medium, MediumPartition } from "../medium.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { remainingBytes } from "../capacity/remaining-capacity.ts";
import { usage } from "./tape-usage.ts";

const megabyte = 1_000_000;
const volumeSerialNumberLength = 32;
const volumeBarcodeLength = 32;
const volumeManufacturerLength = 8;

/** A partition record: its length without this byte, reserved, the partition, its value in megabytes. */
const partitionRecord = (partition: number, bytes: number) =>
  join(7, 0, be(partition, 2), be(Math.min(Math.floor(bytes / megabyte), 0xffff_ffff), 4));

const partitionRecords = (
  code: number,
  medium: Medium,
  bytesOf: (partition: MediumPartition) => number,
): LogParameter =>
  binary(
    code,
    join(...medium.partitions.map((each, number) => partitionRecord(number, bytesOf(each)))),
  );

const flag = (code: number, isSet: boolean) => binary(code, Uint8Array.of(isSet ? 1 : 0));

function counters({ mount }: TapeDrive, medium: Medium): readonly LogParameter[] {
  const { history } = mount;
  const used = medium.partitions.reduce((sum, { usedBytes }) => sum + usedBytes, 0);
  return [
    ...usage(history),
    clampedCounter(0x000c, history.lastWriteErrors, 2),
    clampedCounter(0x000d, history.lastReadErrors, 2),
    clampedCounter(0x000e, history.lastBytesWritten / megabyte, 4),
    clampedCounter(0x000f, history.lastBytesRead / megabyte, 4),
    clampedCounter(0x0010, history.bytesWritten / megabyte, 4),
    clampedCounter(0x0011, history.bytesRead / megabyte, 4),
    clampedCounter(0x0016, medium.capacityBytes / megabyte, 4),
    clampedCounter(0x0017, used / megabyte, 4),
  ];
}

function volume(medium: Medium): readonly LogParameter[] {
  return [
    text(0x0040, ascii(medium.barcode, volumeSerialNumberLength)),
    text(0x0042, ascii(medium.barcode, volumeBarcodeLength)),
    text(0x0043, ascii(mediumManufacturer, volumeManufacturerLength)),
    flag(0x0080, medium.writeProtected),
    flag(0x0081, medium.worm),
  ];
}

export const volumeStatistics = (drive: TapeDrive): LogPage => ({
  pageCode: 0x17,
  name: "Volume Statistics",
  parameters: () => {
    const medium = drive.readyMedium;
    if (medium === undefined) return [flag(0x0000, false)];
    const { history } = drive.mount;
    return [
      flag(0x0000, true),
      ...counters(drive, medium),
      ...volume(medium),
      clampedCounter(0x0100, history.writeLoads, 4),
      clampedCounter(0x0101, history.beginningOfMediumPasses, 4),
      partitionRecords(0x0202, medium, ({ capacityBytes }) => capacityBytes),
      partitionRecords(0x0203, medium, ({ usedBytes }) => usedBytes),
      partitionRecords(0x0204, medium, remainingBytes),
    ];
  },
});
