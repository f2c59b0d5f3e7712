/**
 * Sequential-access Device log page, 0Ch (SSC-5 8.3.2): bytes to and from the application clients and the medium since
 * the load, and, of the present partition, in megabytes, how much is used, writable and passed.
 */
import { type LogPage, type LogParameter, clampedCounter } from "../../spc/log-pages/log-page.ts";
import { earlyWarningBytes } from "../capacity/capacity.ts";
import type { Medium } from "../medium.ts";
import type { TapeDrive } from "../tape-drive.ts";

const pageCode = 0x0c;
const megabyte = 1_000_000;

function capacities(medium: Medium): readonly LogParameter[] {
  const { partition, byteOffset } = medium.position;
  const { capacityBytes, usedBytes } = medium.partitions[partition]!;
  const warningBytes = earlyWarningBytes(capacityBytes);
  return [usedBytes, capacityBytes - warningBytes, warningBytes, byteOffset].map((bytes, index) =>
    clampedCounter(4 + index, bytes / megabyte, 8),
  );
}

/** Cleaning is never needed. */
const cleaningRequired = clampedCounter(0x0100, 0, 8);

export const sequentialAccessDevice = (drive: TapeDrive): LogPage => ({
  pageCode,
  name: "Sequential-access Device",
  reset: () => drive.mount.resetCountersOf(pageCode),
  parameters: () => {
    const { bytesWritten, bytesRead } = drive.mount.countersOf(pageCode);
    const medium = drive.readyMedium;
    return [
      // Blocks are stored as they come: the medium's bytes are the hosts'.
      ...[bytesWritten, bytesWritten, bytesRead, bytesRead].map((bytes, code) =>
        clampedCounter(code, bytes, 8),
      ),
      ...(medium === undefined ? [] : capacities(medium)),
      cleaningRequired,
    ];
  },
});
