/** The one medium this drive knows: LTO-8 (Ultrium format U-816). */

/** DENSITY CODE of LTO-8. */
export const densityCode = 0x5e;
/** MEDIUM TYPE in the mode parameter header: LTO-8 data cartridge, LTO-8 WORM cartridge; zero without a cartridge. */
export const mediumTypes = { none: 0x00, data: 0x88, worm: 0x8c } as const;

/** DENSITY CODE values a MODE SELECT may name besides: default, and "no change" (SSC-5 8.4.4). */
const densityCodeDefault = 0x00;
const densityCodeNoChange = 0x7f;

export function isDensityAccepted(code: number): boolean {
  return code === densityCode || code === densityCodeDefault || code === densityCodeNoChange;
}

/** REPORT DENSITY SUPPORT fields (SSC-5 6.7), as LTO-8 drives give them. */
export const lto8 = {
  bitsPerMm: 20_668,
  /** In tenths of a millimetre. */
  mediaWidth: 127,
  tracks: 6656,
  capacityMegabytes: 12_000_000,
  assigningOrganization: "LTO-CVE",
  densityName: "U-816",
  description: "Ultrium 8/16T",
} as const;
