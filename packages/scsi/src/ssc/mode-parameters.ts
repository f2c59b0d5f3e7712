/** The drive's mode parameters that an application client may change, their header and block descriptor. */
import { be, join, readBe } from "../bytes.ts";
import type { BlockDescriptorPort, ModeHeaderPort } from "../device.ts";
import type { Nexus } from "../task.ts";
import { isDensityAccepted } from "./cartridges/density.ts";

/** BUFFERED MODE: status after the medium has the data (0), or as soon as the buffer has it (1). */
export const bufferedMode = { unbuffered: 0, buffered: 1 } as const;

export interface ModeParameters {
  /** BLOCK LENGTH in bytes; zero: variable-block mode. */
  blockLength: number;
  bufferedMode: (typeof bufferedMode)[keyof typeof bufferedMode];
  /** DCE: blocks written while it is off are marked, and the vault does not compress them. */
  compressionEnabled: boolean;
  /** SWP of the Device Configuration page. */
  softwareWriteProtect: boolean;
  /** WRITE MODE: data is only appended, except where ALLOW OVERWRITE permits more. */
  appendOnly: boolean;
  /** PEWS, in MB (10^6 bytes) before early warning; zero: none. */
  programmableEarlyWarningSize: number;
  /** The Medium Partition page as MODE SELECT gave it, for the next FORMAT MEDIUM; undefined: as the medium is. */
  partitioning: Uint8Array | undefined;
}

export const defaultModeParameters: Readonly<ModeParameters> = {
  blockLength: 0,
  bufferedMode: bufferedMode.buffered,
  compressionEnabled: true,
  softwareWriteProtect: false,
  appendOnly: false,
  programmableEarlyWarningSize: 0,
  partitioning: undefined,
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
  deviceSpecific: () => {
    const isProtected = present().isWriteProtected || parameters.softwareWriteProtect;
    return (isProtected ? writeProtect : 0) | (parameters.bufferedMode << 4);
  },
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
  blockLengthMax: (nexus: Nexus) => number,
): BlockDescriptorPort => ({
  current: () => encodeBlockDescriptor(present(), parameters.blockLength),
  changeable: Uint8Array.of(0, 0, 0, 0, 0, 0xff, 0xff, 0xff),
  get defaults() {
    return encodeBlockDescriptor(present(), defaultModeParameters.blockLength);
  },
  invalidByte: (descriptor, nexus) => {
    if (!isDensityAccepted(descriptor[0]!, present().densityCode)) return 0;
    // NUMBER OF BLOCKS says how many blocks the descriptor is for; zero, all the rest, is the only answer (SSC-5 8.4.2).
    if (readBe(descriptor, 1, 3) !== 0) return 1;
    const blockLength = readBe(descriptor, blockLengthOffset, 3);
    // What MODE SENSE gives is taken back, also when another nexus set it.
    const isTaken = blockLength <= blockLengthMax(nexus) || blockLength === parameters.blockLength;
    return isTaken ? undefined : blockLengthOffset;
  },
  apply: (descriptor) => {
    parameters.blockLength = readBe(descriptor, blockLengthOffset, 3);
  },
});
