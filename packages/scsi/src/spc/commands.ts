/** The commands every device type here has, in the order of their operation codes. */
import {
  reportIdentifyingInformation,
  setIdentifyingInformation,
} from "./commands/identifying-information.ts";
import { inquiry } from "./commands/inquiry.ts";
import { logSelect } from "./commands/log-select.ts";
import { logSense } from "./commands/log-sense.ts";
import { modeSelect10, modeSelect6 } from "./commands/mode-select.ts";
import { modeSense10, modeSense6 } from "./commands/mode-sense.ts";
import { persistentReserveIn } from "./commands/persistent-reserve-in.ts";
import { persistentReserveOut } from "./commands/persistent-reserve-out.ts";
import { preventAllowMediumRemoval } from "./commands/prevent-allow-medium-removal.ts";
import { readBuffer } from "./commands/read-buffer.ts";
import { receiveDiagnosticResults } from "./commands/receive-diagnostic-results.ts";
import { release10, release6 } from "./commands/release-6.ts";
import { reportLuns } from "./commands/report-luns.ts";
import { reportSupportedOperationCodes } from "./commands/report-supported-operation-codes.ts";
import { reportSupportedTaskManagementFunctions } from "./commands/report-supported-task-management-functions.ts";
import { reportTargetPortGroups } from "./commands/report-target-port-groups.ts";
import { requestSense } from "./commands/request-sense.ts";
import { reserve10, reserve6 } from "./commands/reserve-6.ts";
import { sendDiagnostic } from "./commands/send-diagnostic.ts";
import { reportTimestamp, setTimestamp } from "./commands/timestamp.ts";
import { writeBuffer } from "./commands/write-buffer.ts";

export const spcCommands = [
  requestSense,
  inquiry,
  modeSelect6,
  reserve6,
  release6,
  modeSense6,
  receiveDiagnosticResults,
  sendDiagnostic,
  preventAllowMediumRemoval,
  writeBuffer,
  readBuffer,
  logSelect,
  logSense,
  modeSelect10,
  reserve10,
  release10,
  modeSense10,
  ...persistentReserveIn,
  ...persistentReserveOut,
  reportLuns,
  reportIdentifyingInformation,
  reportTargetPortGroups,
  reportSupportedOperationCodes,
  reportSupportedTaskManagementFunctions,
  reportTimestamp,
  setIdentifyingInformation,
  setTimestamp,
];
