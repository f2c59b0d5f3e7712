/** REPORT DENSITY SUPPORT (SSC-5 7.9): the one density, with the capacity of the cartridge when that is asked for. */
import { ascii, be, join } from "../../bytes.ts";
import { bit, uint } from "../../cdb.ts";
import { check, goodData, invalidFieldInCdb } from "../../completion.ts";
import { densityCode, lto8 } from "../density.ts";
import { driveCommand } from "./command.ts";

const megabyte = 1_000_000;
const wrtok = 0x80;
const deflt = 0x20;

function densityDescriptor(capacityMegabytes: number): Uint8Array {
  return join(
    densityCode,
    densityCode,
    wrtok | deflt,
    be(0, 2),
    be(lto8.bitsPerMm, 3),
    be(lto8.mediaWidth, 2),
    be(lto8.tracks, 2),
    be(capacityMegabytes, 4),
    ascii(lto8.assigningOrganization, 8),
    ascii(lto8.densityName, 8),
    ascii(lto8.description, 20),
  );
}

export const reportDensitySupport = driveCommand({
  name: "REPORT DENSITY SUPPORT",
  opcode: 0x44,
  direction: "in",
  cdb: { mediumType: bit(1, 1), media: bit(1, 0), allocationLength: uint(7, 2) },
  execute(drive, { mediumType, media, allocationLength }) {
    if (mediumType) return invalidFieldInCdb(1, 1);
    const medium = drive.readyMedium;
    if (media && medium === undefined) return check("mediumNotPresent");
    const capacityMegabytes =
      media && medium !== undefined
        ? Math.floor(medium.capacityBytes / megabyte)
        : lto8.capacityMegabytes;
    const descriptor = densityDescriptor(capacityMegabytes);
    // AVAILABLE DENSITY SUPPORT LENGTH counts itself out, and the two reserved bytes after it in.
    return goodData(join(be(descriptor.length + 2, 2), 0, 0, descriptor), allocationLength);
  },
});
