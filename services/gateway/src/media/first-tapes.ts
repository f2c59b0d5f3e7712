/** The barcodes of the tapes a new library is born with: RHS001L8, RHS002L8, …, of the format its drives write. */
import { driveModelOf } from "@reelhouse/scsi";
import type { Make } from "../library/device-identities.ts";

export const firstBarcodes = (count: number, drive: Make): string[] => {
  const { generation } = driveModelOf(drive);
  return Array.from(
    { length: count },
    (_, index) => `RHS${String(index + 1).padStart(3, "0")}${generation}`,
  );
};
