/** Device type attributes, 0000h to 03FFh (SPC-5 7.4.2.2): what the drive knows of the volume. */
import { lastDrivesIdentifiers } from "../accounts/mount-record.ts";
import { assigningOrganization } from "../cartridges/density.ts";
import { remainingBytes } from "../capacity/remaining-capacity.ts";
import {
  type DerivedAttribute,
  type Mam,
  asciiAttribute,
  attributeFormat,
  binaryAttribute,
} from "./attribute.ts";
import { mamSpaceRemaining } from "./host-attributes.ts";

const mebibyte = 1024 * 1024;
const megabyte = 1_000_000;
const initializationCountMax = 0xffff;
export const volumeChangeReferenceIdentifier = 0x0009;

const partitionOf = ({ medium, partition }: Mam) => medium.partitions[partition]!;
const history = ({ drive }: Mam) => drive.mount.history;

const lastDrive = (identifier: number, index: number): DerivedAttribute => ({
  identifier,
  name: index === 0 ? "DEVICE AT LAST LOAD" : `DEVICE AT LOAD-${index}`,
  format: attributeFormat.ascii,
  value: ({ drive }) => drive.mount.lastDrives[index]?.value,
});

export const deviceAttributes: readonly DerivedAttribute[] = [
  binaryAttribute(
    0x0000,
    "REMAINING CAPACITY IN PARTITION",
    8,
    (mam) => remainingBytes(partitionOf(mam)) / mebibyte,
  ),
  binaryAttribute(
    0x0001,
    "MAXIMUM CAPACITY IN PARTITION",
    8,
    (mam) => partitionOf(mam).capacityBytes / mebibyte,
  ),
  {
    identifier: 0x0002,
    name: "TAPEALERT FLAGS",
    format: attributeFormat.binary,
    value: ({ drive }) => drive.alerts.bitmap,
  },
  binaryAttribute(0x0003, "LOAD COUNT", 8, (mam) => history(mam).loads),
  binaryAttribute(0x0004, "MAM SPACE REMAINING", 8, ({ medium }) => mamSpaceRemaining(medium)),
  asciiAttribute(0x0005, "ASSIGNING ORGANIZATION", 8, () => assigningOrganization),
  binaryAttribute(
    0x0006,
    "FORMATTED DENSITY CODE",
    1,
    ({ drive }) => drive.presentCartridge.densityCode,
  ),
  binaryAttribute(0x0007, "INITIALIZATION COUNT", 2, (mam) =>
    Math.min(history(mam).formats, initializationCountMax),
  ),
  asciiAttribute(0x0008, "VOLUME IDENTIFIER", 32, ({ medium }) => medium.barcode),
  binaryAttribute(
    volumeChangeReferenceIdentifier,
    "VOLUME CHANGE REFERENCE",
    4,
    (mam) => history(mam).volumeChangeReference,
  ),
  ...lastDrivesIdentifiers.map((identifier, index) => lastDrive(identifier, index)),
  binaryAttribute(
    0x0220,
    "TOTAL MBYTES WRITTEN IN MEDIUM LIFE",
    8,
    (mam) => history(mam).bytesWritten / megabyte,
  ),
  binaryAttribute(
    0x0221,
    "TOTAL MBYTES READ IN MEDIUM LIFE",
    8,
    (mam) => history(mam).bytesRead / megabyte,
  ),
  binaryAttribute(
    0x0222,
    "TOTAL MBYTES WRITTEN IN CURRENT/LAST LOAD",
    8,
    (mam) => history(mam).lastBytesWritten / megabyte,
  ),
  binaryAttribute(
    0x0223,
    "TOTAL MBYTES READ IN CURRENT/LAST LOAD",
    8,
    (mam) => history(mam).lastBytesRead / megabyte,
  ),
];
