/**
 * DT Device Status log page, 11h (ADC-3 6.1.2): the very high frequency data bits, which tell a library's controller
 * what the drive is about. No command runs beside LOG SENSE, so there is never an activity to tell of.
 */
import { type LogPage, binary } from "../../spc/log-pages/log-page.ts";
import type { TapeDrive } from "../tape-drive.ts";

/** Byte and mask of each bit that is ever set. */
const bits = {
  preventAllowMediumRemoval: [0, 0x80],
  mamAccessible: [0, 0x20],
  compress: [0, 0x10],
  writeProtect: [0, 0x08],
  deviceInitialized: [0, 0x01],
  roboticAccessAllowed: [1, 0x20],
  mediumPresent: [1, 0x10],
  mediumSeated: [1, 0x04],
  mediumThreaded: [1, 0x02],
  mounted: [1, 0x01],
  tapeAlertFlagChanged: [3, 0x01],
} as const;

type Bit = keyof typeof bits;

function veryHighFrequencyData(drive: TapeDrive): Uint8Array {
  const isSeated = drive.medium !== undefined;
  const isReady = drive.readyMedium !== undefined;
  const set: Readonly<Record<Bit, boolean>> = {
    preventAllowMediumRemoval: drive.preventsRemoval,
    mamAccessible: isReady,
    compress: drive.parameters.compressionEnabled,
    writeProtect: drive.medium?.writeProtected === true,
    deviceInitialized: true,
    roboticAccessAllowed: !isReady,
    mediumPresent: isSeated,
    mediumSeated: isSeated,
    mediumThreaded: isReady,
    mounted: isReady,
    tapeAlertFlagChanged: drive.alerts.active.size > 0,
  };
  const data = new Uint8Array(4);
  for (const [name, [byte, mask]] of Object.entries(bits)) {
    // The entries of a record have its keys.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (set[name as Bit]) data[byte]! |= mask;
  }
  return data;
}

export const dtDeviceStatus = (drive: TapeDrive): LogPage => ({
  pageCode: 0x11,
  name: "DT Device Status",
  parameters: () => [binary(0x0000, veryHighFrequencyData(drive))],
});
