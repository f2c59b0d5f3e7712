/** The vital product data pages of a drive: the standards', its vendor's, and what its library told it. */
import type { Identity } from "../device.ts";
import { automationDeviceSerialNumber } from "../spc/vpd/automation-device-serial-number.ts";
import { deviceIdentification } from "../spc/vpd/device-identification.ts";
import { extendedInquiry } from "../spc/vpd/extended-inquiry.ts";
import { logicalBlockProtection } from "../spc/vpd/logical-block-protection.ts";
import { manufacturerAssignedSerialNumber } from "../spc/vpd/manufacturer-assigned-serial-number.ts";
import { modePagePolicy } from "../spc/vpd/mode-page-policy.ts";
import { scsiPorts } from "../spc/vpd/scsi-ports.ts";
import { sequentialAccessDeviceCapabilities } from "../spc/vpd/sequential-access-device-capabilities.ts";
import { supportedVpdPages } from "../spc/vpd/supported-vpd-pages.ts";
import { tapeAlertSupportedFlags } from "../spc/vpd/tape-alert-supported-flags.ts";
import { unitSerialNumber } from "../spc/vpd/unit-serial-number.ts";
import type { VpdPage } from "../spc/vpd/vpd-page.ts";
import type { DriveModel } from "./models/drive-model.ts";

export function driveVpdPages(model: DriveModel, identity: Identity): readonly VpdPage[] {
  const isInLibrary = identity.automationSerialNumber !== undefined;
  return [
    supportedVpdPages,
    unitSerialNumber,
    deviceIdentification,
    extendedInquiry,
    modePagePolicy,
    scsiPorts,
    sequentialAccessDeviceCapabilities,
    manufacturerAssignedSerialNumber,
    tapeAlertSupportedFlags,
    logicalBlockProtection,
    ...(isInLibrary ? [automationDeviceSerialNumber] : []),
    ...model.vendorVpdPages,
  ];
}
