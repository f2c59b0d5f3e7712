/** Medium type attributes, 0400h to 07FFh (SPC-5 7.4.2.3): what a cartridge is born with. */
import { ascii, be } from "../../bytes.ts";
import { assigningOrganization, mediaWidth } from "../cartridges/density.ts";
import { type DerivedAttribute, type Mam, attributeFormat } from "./attribute.ts";
import { mamCapacityBytes } from "./host-attributes.ts";

/** Who makes these media: we do. */
export const mediumManufacturer = "REELHSE";

/** MEDIUM TYPE (SPC-5 7.4.2.3.9). */
const mediumType = { data: 0x00, writeOnce: 0x80 } as const;

const text = (
  identifier: number,
  name: string,
  width: number,
  value: (mam: Mam) => string,
): DerivedAttribute => ({
  identifier,
  name,
  format: attributeFormat.ascii,
  value: (mam) => ascii(value(mam), width),
});

const binary = (
  identifier: number,
  name: string,
  width: number,
  value: (mam: Mam) => number | undefined,
): DerivedAttribute => ({
  identifier,
  name,
  format: attributeFormat.binary,
  value: (mam) => {
    const known = value(mam);
    return known === undefined ? undefined : be(known, width);
  },
});

export const mediumAttributes: readonly DerivedAttribute[] = [
  text(0x0400, "MEDIUM MANUFACTURER", 8, () => mediumManufacturer),
  text(0x0401, "MEDIUM SERIAL NUMBER", 32, ({ medium }) => medium.barcode),
  binary(0x0402, "MEDIUM LENGTH", 4, ({ drive }) => drive.presentDensity.lengthMetres),
  binary(0x0403, "MEDIUM WIDTH", 4, () => mediaWidth),
  text(0x0404, "ASSIGNING ORGANIZATION", 8, () => assigningOrganization),
  binary(0x0405, "MEDIUM DENSITY CODE", 1, ({ drive }) => drive.presentCartridge.densityCode),
  binary(0x0407, "MAM CAPACITY", 8, () => mamCapacityBytes),
  binary(0x0408, "MEDIUM TYPE", 1, ({ medium }) =>
    medium.worm ? mediumType.writeOnce : mediumType.data,
  ),
  binary(0x0409, "MEDIUM TYPE INFORMATION", 2, () => 0),
];
