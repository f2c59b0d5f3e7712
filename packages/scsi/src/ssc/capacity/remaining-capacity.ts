/** What can still be written to a partition: from end of data, not from the position (SSC-5 4.2.7). */
import type { MediumPartition } from "../medium.ts";

export function remainingBytes({ capacityBytes, usedBytes }: MediumPartition): number {
  return Math.max(0, capacityBytes - usedBytes);
}
