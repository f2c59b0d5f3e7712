/** IBM's drives: ULT3580-TDn (full height) and ULT3580-HHn, and ULTRIUM-HHn as others build them in. */
import { ascii, join } from "../../bytes.ts";
import type { VpdPage } from "../../spc/vpd/vpd-page.ts";
import type { DriveGeneration } from "../cartridges/density.ts";
import type { DriveModel } from "./drive-model.ts";

/** Drive Component Revision Levels, C0h: code name, time, date and platform of the firmware. */
const componentRevisionLevels: VpdPage = {
  pageCode: 0xc0,
  name: "Drive Component Revision Levels",
  data: ({ identity }) =>
    join(ascii(identity.revision, 12), ascii("", 7), ascii("", 8), ascii("", 12)),
};

/** Drive Serial Numbers, C1h: the manufacturer's, and the one that is told. */
const driveSerialNumbers: VpdPage = {
  pageCode: 0xc1,
  name: "Drive Serial Numbers",
  data: ({ identity: { serialNumber } }) => join(ascii(serialNumber, 12), ascii(serialNumber, 12)),
};

const ibmVpdPages = [componentRevisionLevels, driveSerialNumbers];

/** A drive that IBM makes, under the name of whoever sells it. */
export const ibmMade =
  (vendor: string) =>
  (product: string, generation: DriveGeneration, revision: string): DriveModel => ({
    vendor,
    product,
    revision,
    generation,
    mediumTypes: "byFormat",
    vendorVpdPages: ibmVpdPages,
  });

const ibm = ibmMade("IBM");

export const ibmDrives: readonly DriveModel[] = [
  ibm("ULT3580-TD5", "L5", "H976"),
  ibm("ULT3580-TD6", "L6", "J5T0"),
  ibm("ULT3580-TD7", "L7", "M9Q1"),
  ibm("ULT3580-TD8", "L8", "R3G3"),
  ibm("ULT3580-TD9", "L9", "S2G1"),
  ibm("ULT3580-TDA", "LA", "T3B2"),
  ibm("ULT3580-HH5", "L5", "H976"),
  ibm("ULT3580-HH6", "L6", "J5T0"),
  ibm("ULT3580-HH7", "L7", "M9Q1"),
  ibm("ULT3580-HH8", "L8", "R3G3"),
  ibm("ULT3580-HH9", "L9", "S2G1"),
  ibm("ULTRIUM-TD5", "L5", "H976"),
  ibm("ULTRIUM-TD6", "L6", "J5T0"),
  ibm("ULTRIUM-HH5", "L5", "H976"),
  ibm("ULTRIUM-HH6", "L6", "J5T0"),
  ibm("ULTRIUM-HH7", "L7", "M9Q1"),
  ibm("ULTRIUM-HH8", "L8", "R3G3"),
  ibm("ULTRIUM-HH9", "L9", "S2G1"),
];
