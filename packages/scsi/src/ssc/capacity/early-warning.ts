/** What a command that wrote tells about the end of the partition (SSC-5 4.2.4, 4.2.5). */
import { check } from "../../completion.ts";
import type { Completion } from "../../task.ts";
import { earlyWarningBytes, isPastEarlyWarning } from "./capacity.ts";
import type { Mounted } from "../commands/command.ts";
import { partitionCapacityBytes } from "../partitions/partitions.ts";

type MountedMedium = Pick<Mounted, "drive" | "medium">;

const bytesPerPewsUnit = 1_000_000;

/** Where the programmable early warning zone begins; undefined while PEWS is zero. */
function programmableEarlyWarning({ drive, medium }: MountedMedium): number | undefined {
  const { programmableEarlyWarningSize } = drive.parameters;
  if (programmableEarlyWarningSize === 0) return undefined;
  const capacityBytes = partitionCapacityBytes(medium);
  const zone = earlyWarningBytes(capacityBytes) + programmableEarlyWarningSize * bytesPerPewsUnit;
  // A zone as large as the partition begins after its first object, so that it can be entered.
  return Math.max(1, capacityBytes - zone);
}

export function isBeyondEarlyWarning({ medium }: MountedMedium): boolean {
  return isPastEarlyWarning(partitionCapacityBytes(medium), medium.position.byteOffset);
}

/** BPEW of READ POSITION: in the programmable early warning zone or after it. */
export function isBeyondProgrammableEarlyWarning(mounted: MountedMedium): boolean {
  const begin = programmableEarlyWarning(mounted);
  return begin !== undefined && mounted.medium.position.byteOffset >= begin;
}

/** Early warning is told of every write behind it; the programmable one only of the write that comes to it. */
export function endWarning(
  mounted: MountedMedium,
  byteOffsetBefore: number,
): Completion | undefined {
  if (isBeyondEarlyWarning(mounted)) return warn("earlyWarning");
  const begin = programmableEarlyWarning(mounted);
  if (begin === undefined || byteOffsetBefore >= begin) return undefined;
  return mounted.medium.position.byteOffset >= begin ? warn("programmableEarlyWarning") : undefined;
}

const warn = (name: "earlyWarning" | "programmableEarlyWarning") =>
  check(name, { information: 0, endOfMedium: true });
