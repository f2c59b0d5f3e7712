/** The drive's mode parameters that an application client may change, their pages, header and block descriptor. */
import { be, join, readBe } from "../bytes.ts";
import type { BlockDescriptorPort, ModeHeaderPort } from "../device.ts";
import { type ModePage, fixedModePage } from "../spc/mode-pages/mode-page.ts";
import { isDensityAccepted } from "./density.ts";
import { blockLengthMax } from "./limits.ts";

/** BUFFERED MODE: status after the medium has the data (0), or as soon as the buffer has it (1). */
export const bufferedMode = { unbuffered: 0, buffered: 1 } as const;

export interface ModeParameters {
  /** BLOCK LENGTH in bytes; zero: variable-block mode. */
  blockLength: number;
  bufferedMode: (typeof bufferedMode)[keyof typeof bufferedMode];
  /** DCE. Kept and shown as asked; blocks are stored as they come, see DESIGN.md. */
  compressionEnabled: boolean;
}

export const defaultModeParameters: Readonly<ModeParameters> = {
  blockLength: 0,
  bufferedMode: bufferedMode.buffered,
  compressionEnabled: true,
};

const writeProtect = 0x80;

/** What the mode parameter header and the block descriptor tell of the cartridge. */
export interface PresentCartridge {
  readonly mediumType: number;
  readonly densityCode: number;
  /** By its switch, or because the drive cannot write its format. */
  readonly isWriteProtected: boolean;
}

export const driveModeHeader = (
  parameters: ModeParameters,
  present: () => PresentCartridge,
): ModeHeaderPort => ({
  mediumType: () => present().mediumType,
  deviceSpecific: () =>
    (present().isWriteProtected ? writeProtect : 0) | (parameters.bufferedMode << 4),
  // WP is the medium's and is not looked at; SPEED knows only the default.
  invalidDeviceSpecificBit: (value) => {
    if (((value >> 4) & 0x7) > bufferedMode.buffered) return 6;
    return (value & 0x0f) === 0 ? undefined : 3;
  },
  applyDeviceSpecific: (value) => {
    parameters.bufferedMode =
      ((value >> 4) & 0x7) === bufferedMode.unbuffered
        ? bufferedMode.unbuffered
        : bufferedMode.buffered;
  },
});

const blockLengthOffset = 5;

const encodeBlockDescriptor = ({ densityCode }: PresentCartridge, blockLength: number) =>
  join(densityCode, 0, 0, 0, 0, be(blockLength, 3));

export const driveBlockDescriptor = (
  parameters: ModeParameters,
  present: () => PresentCartridge,
): BlockDescriptorPort => ({
  current: () => encodeBlockDescriptor(present(), parameters.blockLength),
  changeable: Uint8Array.of(0, 0, 0, 0, 0, 0xff, 0xff, 0xff),
  get defaults() {
    return encodeBlockDescriptor(present(), defaultModeParameters.blockLength);
  },
  invalidByte: (descriptor) => {
    if (!isDensityAccepted(descriptor[0]!, present().densityCode)) return 0;
    // NUMBER OF BLOCKS says how many blocks the descriptor is for; zero, all the rest, is the only answer (SSC-5 8.4.2).
    if (readBe(descriptor, 1, 3) !== 0) return 1;
    return readBe(descriptor, blockLengthOffset, 3) > blockLengthMax
      ? blockLengthOffset
      : undefined;
  },
  apply: (descriptor) => {
    parameters.blockLength = readBe(descriptor, blockLengthOffset, 3);
  },
});

const dce = 0x80;
const dcc = 0x40;
const dde = 0x80;

const encodeDataCompression = (enabled: boolean) =>
  Uint8Array.of((enabled ? dce : 0) | dcc, dde, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Data Compression mode page, 0Fh (SSC-5 8.4.3). */
export const dataCompressionModePage = (parameters: ModeParameters): ModePage => ({
  pageCode: 0x0f,
  name: "Data Compression",
  current: () => encodeDataCompression(parameters.compressionEnabled),
  defaults: encodeDataCompression(defaultModeParameters.compressionEnabled),
  changeable: Uint8Array.of(dce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  apply: (data) => {
    parameters.compressionEnabled = (data[0]! & dce) !== 0;
  },
});

/** LOIS: logical object identifiers are kept, so LOCATE and READ POSITION work. */
const lois = 0x40;
/** EEG: the drive writes end-of-data itself. */
const eeg = 0x10;

/** Device Configuration mode page, 10h (SSC-5 8.4.5). No early warning on reads (REW), no synchronize at early warning (SEW). */
export const deviceConfigurationModePage = fixedModePage(0x10, "Device Configuration", [
  0,
  0,
  0,
  0,
  0,
  0,
  lois,
  0,
  eeg,
  0,
  0,
  0,
  0,
  0,
]);

/** Medium Partition mode page, 11h (SSC-5 8.4.6): one partition, and no more can be made. Format and partition recognition. */
export const mediumPartitionModePage = fixedModePage(
  0x11,
  "Medium Partition",
  [0, 0, 0, 0x03, 0, 0, 0, 0],
);
