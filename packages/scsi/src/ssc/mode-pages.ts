/** The mode pages of a tape drive, in order of page code (SSC-5 8.4, SPC-5 7.5). */
import { commonModePages } from "../spc/mode-pages/common-pages.ts";
import { controlModePage } from "../spc/mode-pages/control.ts";
import { informationalExceptionsModePage } from "../spc/mode-pages/informational-exceptions.ts";
import { type ModePage, inPageOrder } from "../spc/mode-pages/mode-page.ts";
import { dataCompressionModePage } from "./mode-pages/data-compression.ts";
import { deviceConfigurationExtensionModePage } from "./mode-pages/device-configuration-extension.ts";
import { deviceConfigurationModePage } from "./mode-pages/device-configuration.ts";
import { mediumConfigurationModePage } from "./mode-pages/medium-configuration.ts";
import { mediumPartitionModePage } from "./mode-pages/medium-partition.ts";
import { readWriteErrorRecoveryModePage } from "./mode-pages/read-write-error-recovery.ts";
import { driveVendorModePages } from "./mode-pages/vendor-pages.ts";
import type { TapeDrive } from "./tape-drive.ts";

export const driveModePages = (drive: TapeDrive): readonly ModePage[] =>
  inPageOrder([
    ...commonModePages,
    controlModePage(drive.control),
    informationalExceptionsModePage(drive.exceptions),
    readWriteErrorRecoveryModePage,
    mediumConfigurationModePage(() => drive.medium),
    ...driveVendorModePages,
    dataCompressionModePage(drive.parameters),
    deviceConfigurationModePage(drive.parameters, () => drive.medium?.position.partition ?? 0),
    deviceConfigurationExtensionModePage(drive.parameters),
    mediumPartitionModePage(
      drive.parameters,
      () => drive.medium,
      () => drive.presentDensity,
    ),
    drive.protection.modePage,
  ]);
