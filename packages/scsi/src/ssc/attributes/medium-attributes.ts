/** Medium type attributes, 0400h to 07FFh (SPC-5 7.4.2.3): what a cartridge is born with. */
import { assigningOrganization, mediaWidth } from "../cartridges/density.ts";
import { type DerivedAttribute, asciiAttribute, binaryAttribute } from "./attribute.ts";
import { mamCapacityBytes } from "./host-attributes.ts";

/** Who makes these media: we do. */
export const mediumManufacturer = "REELHSE";

/** MEDIUM TYPE (SPC-5 7.4.2.3.9). */
const mediumType = { data: 0x00, writeOnce: 0x80 } as const;

export const mediumAttributes: readonly DerivedAttribute[] = [
  asciiAttribute(0x0400, "MEDIUM MANUFACTURER", 8, () => mediumManufacturer),
  asciiAttribute(0x0401, "MEDIUM SERIAL NUMBER", 32, ({ medium }) => medium.barcode),
  binaryAttribute(0x0402, "MEDIUM LENGTH", 4, ({ drive }) => drive.presentDensity.lengthMetres),
  binaryAttribute(0x0403, "MEDIUM WIDTH", 4, () => mediaWidth),
  asciiAttribute(0x0404, "ASSIGNING ORGANIZATION", 8, () => assigningOrganization),
  binaryAttribute(
    0x0405,
    "MEDIUM DENSITY CODE",
    1,
    ({ drive }) => drive.presentCartridge.densityCode,
  ),
  binaryAttribute(0x0407, "MAM CAPACITY", 8, () => mamCapacityBytes),
  binaryAttribute(0x0408, "MEDIUM TYPE", 1, ({ medium }) =>
    medium.worm ? mediumType.writeOnce : mediumType.data,
  ),
  binaryAttribute(0x0409, "MEDIUM TYPE INFORMATION", 2, () => 0),
];
