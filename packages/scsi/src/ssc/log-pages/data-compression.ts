/**
 * Data Compression, 1Bh (SSC-5 8.3.10), and the same of older LTO drives, 32h: bytes of this mount, and the ratio that
 * the vault reached with what it holds of this volume. Blocks are compressed on their way there, not in the drive.
 */
import {
  type LogPage,
  type LogParameter,
  binary,
  clampedCounter,
} from "../../spc/log-pages/log-page.ts";
import type { Medium } from "../medium.ts";
import type { TapeDrive } from "../tape-drive.ts";

const megabyte = 1_000_000;

const nothing = { inBytes: 0, outBytes: 0 };

/** Hundred times the ratio; zero when nothing has been compressed yet. */
function ratioTimes100(medium: Medium | undefined): number {
  const { inBytes, outBytes } = medium?.compression ?? nothing;
  return outBytes === 0 ? 0 : (100 * inBytes) / outBytes;
}

/** Whole megabytes, and the bytes over, as two parameters. */
const split = (code: number, bytes: number): readonly LogParameter[] => [
  clampedCounter(code, bytes / megabyte, 4),
  clampedCounter(code + 1, bytes % megabyte, 4),
];

function compression(drive: TapeDrive, pageCode: number): readonly LogParameter[] {
  const { bytesRead, bytesWritten } = drive.mount.countersOf(pageCode);
  const ratio = ratioTimes100(drive.medium);
  return [
    // Of reading, of writing: what is read was compressed when it was written.
    clampedCounter(0x0000, bytesRead === 0 ? 0 : ratio, 2),
    clampedCounter(0x0001, ratio, 2),
    ...split(0x0002, bytesRead),
    ...split(0x0004, bytesRead),
    ...split(0x0006, bytesWritten),
    ...split(0x0008, bytesWritten),
  ];
}

const page = (
  drive: TapeDrive,
  pageCode: number,
  name: string,
  more: () => readonly LogParameter[],
): LogPage => ({
  pageCode,
  name,
  reset: () => drive.mount.resetCountersOf(pageCode),
  parameters: () => [...compression(drive, pageCode), ...more()],
});

export const dataCompression = (drive: TapeDrive): LogPage =>
  page(drive, 0x1b, "Data Compression", () => [
    binary(0x0100, Uint8Array.of(drive.parameters.compressionEnabled ? 1 : 0)),
  ]);

export const dataCompressionOfLto = (drive: TapeDrive): LogPage =>
  page(drive, 0x32, "Data Compression (LTO)", () => []);
