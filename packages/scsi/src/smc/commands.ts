/** The command set of the medium changer, in the order of operation codes. */
import { type BoundCommand, inOrder } from "../cdb.ts";
import { spcCommands } from "../spc/commands.ts";
import { exchangeMedium } from "./commands/exchange-medium.ts";
import {
  initializeElementStatus,
  initializeElementStatusWithRange,
  initializeElementStatusWithRangeVendor,
} from "./commands/initialize-element-status.ts";
import { moveMedium } from "./commands/move-medium.ts";
import { openCloseImportExportElement } from "./commands/open-close-import-export-element.ts";
import { positionToElement } from "./commands/position-to-element.ts";
import { readElementStatus } from "./commands/read-element-status.ts";
import { requestVolumeElementAddress } from "./commands/request-volume-element-address.ts";
import { sendVolumeTag } from "./commands/send-volume-tag.ts";
import { testUnitReady } from "./commands/test-unit-ready.ts";
import type { MediumChanger } from "./medium-changer.ts";

export const changerCommands: readonly BoundCommand<MediumChanger>[] = inOrder<MediumChanger>([
  ...spcCommands,
  testUnitReady,
  initializeElementStatus,
  openCloseImportExportElement,
  positionToElement,
  initializeElementStatusWithRange,
  moveMedium,
  exchangeMedium,
  requestVolumeElementAddress,
  sendVolumeTag,
  readElementStatus,
  initializeElementStatusWithRangeVendor,
]);
