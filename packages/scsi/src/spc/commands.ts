/** The commands every device type here has, in the order of their operation codes. */
import { inquiry } from "./commands/inquiry.ts";
import { logSense } from "./commands/log-sense.ts";
import { modeSelect10, modeSelect6 } from "./commands/mode-select.ts";
import { modeSense10, modeSense6 } from "./commands/mode-sense.ts";
import { persistentReserveIn } from "./commands/persistent-reserve-in.ts";
import { persistentReserveOut } from "./commands/persistent-reserve-out.ts";
import { preventAllowMediumRemoval } from "./commands/prevent-allow-medium-removal.ts";
import { release10, release6 } from "./commands/release-6.ts";
import { reportLuns } from "./commands/report-luns.ts";
import { reportSupportedOperationCodes } from "./commands/report-supported-operation-codes.ts";
import { reportSupportedTaskManagementFunctions } from "./commands/report-supported-task-management-functions.ts";
import { requestSense } from "./commands/request-sense.ts";
import { reserve10, reserve6 } from "./commands/reserve-6.ts";
import { sendDiagnostic } from "./commands/send-diagnostic.ts";

export const spcCommands = [
  requestSense,
  inquiry,
  modeSelect6,
  reserve6,
  release6,
  modeSense6,
  sendDiagnostic,
  preventAllowMediumRemoval,
  logSense,
  modeSelect10,
  reserve10,
  release10,
  modeSense10,
  ...persistentReserveIn,
  ...persistentReserveOut,
  reportLuns,
  reportSupportedOperationCodes,
  reportSupportedTaskManagementFunctions,
];
