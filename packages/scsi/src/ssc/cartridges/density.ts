/** Densities and media of LTO (Ultrium formats), as REPORT DENSITY SUPPORT and MODE SENSE tell them (SSC-5 7.9, 8.4). */

/** A format by its media identifier: the last two characters of an LTO barcode label. */
export type Ultrium = "L1" | "L2" | "L3" | "L4" | "L5" | "L6" | "L7" | "M8" | "L8" | "L9" | "LA";

export interface Density {
  /** DENSITY CODE. */
  readonly code: number;
  readonly bitsPerMm: number;
  readonly tracks: number;
  /** Tracks that are written side by side; as many make one wrap. */
  readonly channels: number;
  /** Native, of the longest cartridge. */
  readonly capacityMegabytes: number;
  /** DENSITY NAME, at most 8 characters. */
  readonly name: string;
  /** At most 20 characters. */
  readonly description: string;
  /** MEDIUM TYPE in the mode parameter header: of data cartridges and, where there are any, of write-once ones. */
  readonly mediumType: number;
  readonly wormMediumType: number | undefined;
  /** MEDIUM LENGTH in metres. */
  readonly lengthMetres: number;
}

const row = (
  code: number,
  bitsPerMm: number,
  tracks: number,
  channels: number,
  capacityMegabytes: number,
  name: string,
  description: string,
  mediumType: number,
  wormMediumType: number | undefined,
  lengthMetres: number,
): Density => ({
  code,
  bitsPerMm,
  tracks,
  channels,
  capacityMegabytes,
  name,
  description,
  mediumType,
  wormMediumType,
  lengthMetres,
});

export const densities: Readonly<Record<Ultrium, Density>> = {
  L1: row(0x40, 4880, 384, 8, 100_000, "U-18", "Ultrium 1/8T", 0x18, undefined, 609),
  L2: row(0x42, 7398, 512, 8, 200_000, "U-28", "Ultrium 2/8T", 0x28, undefined, 609),
  L3: row(0x44, 9638, 704, 16, 400_000, "U-316", "Ultrium 3/16T", 0x38, 0x3c, 680),
  L4: row(0x46, 12_725, 896, 16, 800_000, "U-416", "Ultrium 4/16T", 0x48, 0x4c, 820),
  L5: row(0x58, 15_142, 1280, 16, 1_500_000, "U-516", "Ultrium 5/16T", 0x58, 0x5c, 846),
  L6: row(0x5a, 15_143, 2176, 16, 2_500_000, "U-616", "Ultrium 6/16T", 0x68, 0x6c, 846),
  L7: row(0x5c, 19_107, 3584, 32, 6_000_000, "U-732", "Ultrium 7/32T", 0x78, 0x7c, 960),
  M8: row(0x5d, 19_107, 5376, 32, 9_000_000, "U-732M", "Ultrium M8/32T", 0x78, undefined, 960),
  L8: row(0x5e, 20_668, 6656, 32, 12_000_000, "U-832", "Ultrium 8/32T", 0x88, 0x8c, 960),
  L9: row(0x60, 21_456, 8960, 32, 18_000_000, "U-932", "Ultrium 9/32T", 0x98, 0x9c, 1035),
  LA: row(0x62, 22_047, 15_104, 32, 30_000_000, "U-1032", "Ultrium 10/32T", 0xa8, 0xac, 1035),
};

/** Tenths of a millimetre, of every Ultrium tape. */
export const mediaWidth = 127;
export const assigningOrganization = "LTO-CVE";
/** MEDIUM TYPE without a cartridge, and of a cleaning cartridge. */
export const mediumTypeNone = 0x00;
export const mediumTypeCleaning = 0x01;

/** DENSITY CODE values a MODE SELECT may name besides the present one: default, and "no change" (SSC-5 8.4.4). */
const densityCodeDefault = 0x00;
const densityCodeNoChange = 0x7f;

export function isDensityAccepted(code: number, present: number): boolean {
  return code === present || code === densityCodeDefault || code === densityCodeNoChange;
}

/** What a drive of a generation does with cartridges of which formats; one that is in neither list it cannot use. */
export interface Compatibility {
  readonly writes: readonly Ultrium[];
  readonly onlyReads: readonly Ultrium[];
}

/** Writes its own and the one before, reads two back; from LTO-8 on no more reading two back, LTO-10 its own only. */
export const compatibility = {
  L5: { writes: ["L5", "L4"], onlyReads: ["L3"] },
  L6: { writes: ["L6", "L5"], onlyReads: ["L4"] },
  L7: { writes: ["L7", "L6"], onlyReads: ["L5"] },
  L8: { writes: ["L8", "L7", "M8"], onlyReads: [] },
  L9: { writes: ["L9", "L8"], onlyReads: [] },
  LA: { writes: ["LA"], onlyReads: [] },
} as const satisfies Partial<Record<Ultrium, Compatibility>>;

/** The format a drive writes by itself: its generation. */
export type DriveGeneration = keyof typeof compatibility;
