/** REPORT DENSITY SUPPORT (SSC-5 7.9): densities or medium types, of the drive or of the cartridge in it. */
import { ascii, be, join } from "../../bytes.ts";
import { bit, uint } from "../../cdb.ts";
import { goodData } from "../../completion.ts";
import {
  type Compatibility,
  type Ultrium,
  assigningOrganization,
  compatibility,
  densities,
  mediaWidth,
} from "../cartridges/density.ts";
import { notReady } from "../readiness.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { driveCommand } from "./command.ts";

const megabyte = 1_000_000;
const wrtok = 0x80;
const deflt = 0x20;
const mediumTypeDescriptorLength = 52;
const primaryDensityCodesMax = 9;

/** One density that is reported: of the drive (its full capacity) or of the cartridge (its own). */
interface Reported {
  readonly format: Ultrium;
  readonly isWritable: boolean;
  readonly isDefault: boolean;
  readonly capacityMegabytes: number;
}

function densityDescriptor(reported: Reported): Uint8Array {
  const density = densities[reported.format];
  return join(
    density.code,
    density.code,
    (reported.isWritable ? wrtok : 0) | (reported.isDefault ? deflt : 0),
    be(0, 2),
    be(density.bitsPerMm, 3),
    be(mediaWidth, 2),
    be(density.tracks, 2),
    be(reported.capacityMegabytes, 4),
    ascii(assigningOrganization, 8),
    ascii(density.name, 8),
    ascii(density.description, 20),
  );
}

/** Medium type descriptors of a format: data cartridges, and write-once ones where there are any. */
function mediumTypeDescriptors(format: Ultrium, wanted?: "data" | "worm"): readonly Uint8Array[] {
  const { code, mediumType, wormMediumType, lengthMetres, name, description } = densities[format];
  const describe = (type: number, suffix: string) =>
    join(
      type,
      0,
      be(mediumTypeDescriptorLength, 2),
      1,
      code,
      new Uint8Array(primaryDensityCodesMax - 1),
      be(mediaWidth, 2),
      be(lengthMetres, 2),
      be(0, 2),
      ascii(assigningOrganization, 8),
      ascii(name, 8),
      ascii(`${description} ${suffix}`, 20),
    );
  const data = wanted === "worm" ? [] : [describe(mediumType, "Data")];
  const hasWorm = wormMediumType !== undefined && wanted !== "data";
  return hasWorm ? [...data, describe(wormMediumType, "WORM")] : data;
}

/** In ascending order, the drive's own generation as the default. */
function densitiesOfDrive({ model: { generation } }: TapeDrive): readonly Reported[] {
  const { writes, onlyReads }: Compatibility = compatibility[generation];
  return [...onlyReads, ...writes]
    .map((format) => ({
      format,
      isWritable: writes.includes(format),
      isDefault: format === generation,
      capacityMegabytes: densities[format].capacityMegabytes,
    }))
    .toSorted((one, other) => densities[one.format].code - densities[other.format].code);
}

/** AVAILABLE DENSITY SUPPORT LENGTH counts itself out, and the two reserved bytes after it in. */
const report = (descriptors: readonly Uint8Array[]): Uint8Array => {
  const body = join(...descriptors);
  return join(be(body.length + 2, 2), 0, 0, body);
};

export const reportDensitySupport = driveCommand({
  name: "REPORT DENSITY SUPPORT",
  opcode: 0x44,
  direction: "in",
  reservation: "ignored",
  cdb: { mediumType: bit(1, 1), media: bit(1, 0), allocationLength: uint(7, 2) },
  execute(drive, { mediumType, media, allocationLength }) {
    const medium = drive.readyMedium;
    const format = drive.seated?.format;
    if (!media) {
      const all = densitiesOfDrive(drive);
      const descriptors = mediumType
        ? all.flatMap((each) => mediumTypeDescriptors(each.format))
        : all.map((each) => densityDescriptor(each));
      return goodData(report(descriptors), allocationLength);
    }
    if (medium === undefined || format === undefined) return notReady(drive);
    const descriptors = mediumType
      ? mediumTypeDescriptors(format, medium.worm ? "worm" : "data")
      : [
          densityDescriptor({
            format,
            isWritable: !drive.presentCartridge.isWriteProtected,
            isDefault: true,
            capacityMegabytes: Math.floor(medium.capacityBytes / megabyte),
          }),
        ];
    return goodData(report(descriptors), allocationLength);
  },
});
