/** The drive's log pages, by page code. Only what the drive knows is there: parameters it cannot count are left out. */
import type { LogPage } from "../spc/log-pages/log-page.ts";
import { tapeAlertLogPage } from "../spc/log-pages/tape-alert.ts";
import { dataCompression, dataCompressionOfLto } from "./log-pages/data-compression.ts";
import { deviceStatistics } from "./log-pages/device-statistics.ts";
import { dtDeviceStatus } from "./log-pages/dt-device-status.ts";
import { readErrorCounters, writeErrorCounters } from "./log-pages/error-counters.ts";
import { informationalExceptions } from "./log-pages/informational-exceptions.ts";
import { requestedRecovery } from "./log-pages/requested-recovery.ts";
import { sequentialAccessDevice } from "./log-pages/sequential-access-device.ts";
import { serviceBuffers } from "./log-pages/service-buffers.ts";
import { tapeAlertResponse } from "./log-pages/tape-alert-response.ts";
import { tapeCapacity } from "./log-pages/tape-capacity.ts";
import { tapeDeviceStatistics } from "./log-pages/tape-device-statistics.ts";
import { tapeDiagnosticData } from "./log-pages/tape-diagnostic-data.ts";
import { tapeUsage } from "./log-pages/tape-usage.ts";
import { temperature } from "./log-pages/temperature.ts";
import { volumeStatistics } from "./log-pages/volume-statistics.ts";
import type { TapeDrive } from "./tape-drive.ts";

export const driveLogPages = (drive: TapeDrive): readonly LogPage[] => [
  writeErrorCounters(drive),
  readErrorCounters(drive),
  sequentialAccessDevice(drive),
  temperature,
  dtDeviceStatus(drive),
  tapeAlertResponse(drive.alerts),
  requestedRecovery,
  deviceStatistics(drive),
  serviceBuffers,
  tapeDiagnosticData(drive),
  volumeStatistics(drive),
  dataCompression(drive),
  tapeAlertLogPage(drive.alerts),
  informationalExceptions(drive.alerts),
  tapeUsage(drive),
  tapeCapacity(drive),
  dataCompressionOfLto(drive),
  tapeDeviceStatistics(drive),
];
