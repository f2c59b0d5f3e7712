/** Tape Diagnostic Data log page, 16h (SSC-5 8.3.7): the last failures, the latest first. Hours of motion are zero. */
import { ascii, be, join } from "../../bytes.ts";
import { type LogPage, binary } from "../../spc/log-pages/log-page.ts";
import { senseConditions } from "../../sense.ts";
import type { RecordedFault } from "../accounts/fault-log.ts";
import type { TapeDrive } from "../tape-drive.ts";

const zeros = (length: number) => new Uint8Array(length);
const mediumIdLength = 32;
const revisionLength = 4;
/** Initialized by methods outside the standard: the gateway's clock. */
const timestampOrigin = 0x03;

function diagnosticData(drive: TapeDrive, fault: RecordedFault): Uint8Array {
  const { key, asc, ascq } = senseConditions[fault.sense];
  const repeat = fault.count > 1 ? 0x80 : 0;
  return join(
    zeros(2),
    fault.densityCode,
    fault.mediumType,
    // Lifetime media motion hours, reserved.
    zeros(5),
    repeat | key,
    asc,
    ascq,
    // Vendor specific code qualifier.
    zeros(4),
    ascii(drive.identity.revision, revisionLength),
    // Hours since the last cleaning.
    zeros(4),
    // No command that fails on the medium has a service action.
    fault.cdb?.[0] ?? 0,
    0,
    zeros(2),
    ascii(fault.barcode, mediumIdLength),
    timestampOrigin,
    0,
    be(fault.timeMs, 6),
  );
}

export const tapeDiagnosticData = (drive: TapeDrive): LogPage => ({
  pageCode: 0x16,
  name: "Tape Diagnostic Data",
  parameters: () =>
    drive.faults.latest.map((fault, code) => binary(code, diagnosticData(drive, fault))),
});
