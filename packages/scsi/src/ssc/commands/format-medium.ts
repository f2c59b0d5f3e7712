/**
 * FORMAT MEDIUM (SSC-5 7.1): one partition (FORMAT 0), or those of the Medium Partition mode page (1, and 2, which
 * clears first: formatting here always does).
 */
import { bit, bits, uint } from "../../cdb.ts";
import { invalidFieldInCdb } from "../../completion.ts";
import { format, formatFault } from "../partitions/formatting.ts";
import { requestedCapacities } from "../partitions/partitioning.ts";
import { formattedBytes, partitionCapacities } from "../partitions/partitions.ts";
import { type Mounted, mediumCommand, recallTimeoutSeconds } from "./command.ts";

const formatField = { onePartition: 0, partitions: 1, partitionsAfterOne: 2 } as const;

function capacitiesOf({ drive, medium }: Mounted, formatCode: number): readonly number[] {
  if (formatCode === formatField.onePartition) return [formattedBytes(medium)];
  const { partitioning } = drive.parameters;
  const asIs = partitionCapacities(medium);
  // MODE SELECT has checked that they fit this medium.
  return partitioning === undefined
    ? asIs
    : (requestedCapacities(medium, drive.presentDensity, partitioning) ?? asIs);
}

export const formatMedium = mediumCommand({
  name: "FORMAT MEDIUM",
  opcode: 0x04,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { verify: bit(1, 1), immed: bit(1, 0), format: bits(2, 3, 0), transferLength: uint(3, 2) },
  validate(cdb) {
    if (cdb.verify) return invalidFieldInCdb(1, 1);
    if (cdb.format > formatField.partitionsAfterOne) return invalidFieldInCdb(2, 3);
    return cdb.transferLength === 0 ? undefined : invalidFieldInCdb(3, 7);
  },
  execute: (mounted, cdb) =>
    formatFault(mounted) ?? format(mounted, "format", cdb.immed, capacitiesOf(mounted, cdb.format)),
});
