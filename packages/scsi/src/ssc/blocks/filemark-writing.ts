/**
 * The effect of WRITE FILEMARKS(6) and (16) (SSC-5 7.15): without IMMED all before it, and the filemarks, are on stable
 * storage; count 0 only stores.
 */
import { check, good } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { filemarkReserveBytes } from "../capacity/capacity.ts";
import type { Mounted } from "../commands/command.ts";
import { endWarning } from "../capacity/early-warning.ts";
import { afterStaging } from "../medium-fault.ts";
import { partitionCapacityBytes } from "../partitions/partitions.ts";
import { writeRefusal } from "../write-permission.ts";

export interface FilemarksRequest {
  readonly immed: boolean;
  readonly filemarkCount: number;
}

/** After the filemarks are in the buffer: stored, unless IMMED, and early warning told. */
function written(
  mounted: Mounted,
  immed: boolean,
  byteOffsetBefore: number,
): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  const end = (): Completion => endWarning(mounted, byteOffsetBefore) ?? good();
  if (immed) return end();
  return chain(drive.writeBack.synchronize(medium, call), (stored) =>
    stored.kind === "fault" ? drive.fault(afterStaging(stored)) : end(),
  );
}

function mark(mounted: Mounted, { filemarkCount, immed }: FilemarksRequest) {
  const { drive, medium, call } = mounted;
  const { byteOffset } = medium.position;
  return chain(medium.writeFilemarks(filemarkCount), (result): MaybePromise<Completion> => {
    if (result.kind === "fault") return drive.fault(result, filemarkCount);
    drive.writeBack.markWritten(call.nexus);
    return written(mounted, immed, byteOffset);
  });
}

export function writeFilemarks(
  mounted: Mounted,
  request: FilemarksRequest,
): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  const { immed, filemarkCount } = request;
  const storedFirst = (goOn: () => MaybePromise<Completion>): MaybePromise<Completion> =>
    chain(drive.writeBack.synchronize(medium, call), (stored) => {
      if (stored.kind === "fault") return drive.fault(stored, filemarkCount || undefined);
      call.goOn();
      return goOn();
    });
  // Storing what there is asks nothing of the medium; only marks are writes.
  if (filemarkCount === 0) return immed ? good() : storedFirst(() => good());
  const refused = writeRefusal(drive, medium);
  if (refused !== undefined) return refused;
  if (medium.position.byteOffset >= partitionCapacityBytes(medium) + filemarkReserveBytes) {
    return check("volumeOverflow", { information: filemarkCount, endOfMedium: true });
  }
  // What is buffered comes to the disk before the marks are written: only here is BUSY true.
  return immed ? mark(mounted, request) : storedFirst(() => mark(mounted, request));
}
