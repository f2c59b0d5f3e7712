/** WRITE FILEMARKS(6) (SSC-5 7.15): without IMMED all before it, and the filemarks, are on stable storage; count 0 only stores. */
import { bit, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { filemarkReserveBytes, isPastEarlyWarning } from "../capacity.ts";
import { afterStaging } from "../medium-fault.ts";
import { writeRefusal } from "../write-permission.ts";
import { type Mounted, mediumCommand, writeTimeoutSeconds } from "./command.ts";

/** After the filemarks are in the buffer: stored, unless IMMED, and early warning told. */
function written({ drive, medium, call }: Mounted, immed: boolean): MaybePromise<Completion> {
  const { capacityBytes, position } = medium;
  const end = (): Completion =>
    isPastEarlyWarning(capacityBytes, position.byteOffset)
      ? check("earlyWarning", { information: 0, endOfMedium: true })
      : good();
  if (immed) return end();
  return chain(drive.synchronize(medium, call), (stored) =>
    stored.kind === "fault" ? drive.fault(afterStaging(stored)) : end(),
  );
}

function mark(mounted: Mounted, count: number, immed: boolean): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  return chain(medium.writeFilemarks(count), (result) => {
    if (result.kind === "fault") return drive.fault(result, count);
    drive.markWritten(call.nexus);
    return written(mounted, immed);
  });
}

export const writeFilemarks6 = mediumCommand({
  name: "WRITE FILEMARKS(6)",
  opcode: 0x10,
  direction: "none",
  timeoutSeconds: writeTimeoutSeconds,
  cdb: { wsmk: bit(1, 1), immed: bit(1, 0), filemarkCount: uint(2, 3) },
  validate: ({ wsmk }) => (wsmk ? invalidFieldInCdb(1, 1) : undefined),
  execute(mounted, { immed, filemarkCount }) {
    const { drive, medium, call } = mounted;
    const storedFirst = (goOn: () => MaybePromise<Completion>): MaybePromise<Completion> =>
      chain(drive.synchronize(medium, call), (stored) =>
        stored.kind === "fault" ? drive.fault(stored, filemarkCount || undefined) : goOn(),
      );
    // Storing what there is asks nothing of the medium; only marks are writes.
    if (filemarkCount === 0) return immed ? good() : storedFirst(() => good());
    const refused = writeRefusal(medium);
    if (refused !== undefined) return refused;
    if (medium.position.byteOffset >= medium.capacityBytes + filemarkReserveBytes) {
      return check("volumeOverflow", { information: filemarkCount, endOfMedium: true });
    }
    // What is buffered comes to the disk before the marks are written: only here is BUSY true.
    return immed
      ? mark(mounted, filemarkCount, true)
      : storedFirst(() => mark(mounted, filemarkCount, false));
  },
});
