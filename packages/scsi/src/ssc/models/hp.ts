/** HP's and HPE's drives: "Ultrium n-SCSI". */
import { ascii, join } from "../../bytes.ts";
import type { VpdPage } from "../../spc/vpd/vpd-page.ts";
import type { DriveGeneration } from "../cartridges/density.ts";
import type { DriveModel } from "./drive-model.ts";

const componentLength = 92;

/** Firmware and hardware component pages, C0h to C5h: the component's name, then its revision. */
const componentPage = (pageCode: number, name: string): VpdPage => ({
  pageCode,
  name: `${name} Component`,
  data: ({ identity }) =>
    join(ascii(name, 26), ascii(identity.revision, 19), new Uint8Array(componentLength - 45)),
});

const hpVpdPages = [
  componentPage(0xc0, "Firmware"),
  componentPage(0xc1, "Hardware"),
  componentPage(0xc2, "PCA"),
  componentPage(0xc3, "Mechanism"),
  componentPage(0xc4, "Head Assembly"),
  componentPage(0xc5, "ACI"),
];

const drive = (
  vendor: "HP" | "HPE",
  product: string,
  generation: DriveGeneration,
  revision: string,
): DriveModel => ({
  vendor,
  product,
  revision,
  generation,
  mediumTypes: "wormOnly",
  vendorVpdPages: hpVpdPages,
});

export const hpDrives: readonly DriveModel[] = [
  drive("HP", "Ultrium 5-SCSI", "L5", "I6PW"),
  drive("HP", "Ultrium 6-SCSI", "L6", "J5MW"),
  drive("HP", "Ultrium 7-SCSI", "L7", "G9Q1"),
  drive("HPE", "Ultrium 7-SCSI", "L7", "G9Q1"),
  drive("HPE", "Ultrium 8-SCSI", "L8", "K4K1"),
  drive("HPE", "Ultrium 9-SCSI", "L9", "R2G1"),
  drive("HPE", "Ultrium 10-SCSI", "LA", "T3B2"),
];
