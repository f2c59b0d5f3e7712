/** Mode pages 24h, 25h and 30h/20h of LTO drives (IBM LTO SCSI Reference): read by LTFS and vendors' drivers, fixed. */
import { fixedModePage, fixedModeSubpage } from "../../spc/mode-pages/mode-page.ts";

/** ENCR_C: the drive can encipher. */
const encryptionCapable = 0x01;

const vendorSpecificModePage = fixedModePage(0x24, "Vendor-Specific", [
  0,
  0,
  0,
  0,
  0,
  encryptionCapable,
]);

/** LEOP 1: as much capacity as there is; EARLY WARNING 1: at the usual place. */
const initiatorSpecificExtensionsModePage = fixedModePage(0x25, "Initiator-Specific Extensions", [
  0,
  0,
  0,
  1,
  1,
  ...Array.from<number>({ length: 25 }).fill(0),
]);

/** Application-managed encryption, keys by SECURITY PROTOCOL in the data path. */
const encryptionModeModePage = fixedModeSubpage(
  0x30,
  0x20,
  "Encryption Mode",
  [0, 0x03, 0x01, 0x01, 0],
);

export const driveVendorModePages = [
  vendorSpecificModePage,
  initiatorSpecificExtensionsModePage,
  encryptionModeModePage,
];
