/** READ(6) (SSC-5 7.5): one block of any length, or blocks of the fixed length; data goes on as the medium's own views. */
import { bit, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Refused } from "../block-filter.ts";
import { takeObject } from "../block-path.ts";
import { readFixedBlocks } from "../fixed-read.ts";
import { transferBytesMax } from "../limits.ts";
import type { ReadResult } from "../medium.ts";
import { type Mounted, mediumCommand, recallTimeoutSeconds } from "./command.ts";

/** A block of another length is reported as ILI with a signed residue; SILI waives that (SSC-5 7.5.1). */
function variableBlock(
  { drive }: Mounted,
  result: ReadResult | Refused,
  transferLength: number,
  sili: boolean,
): Completion {
  if (result.kind === "fault") return drive.fault(result, transferLength);
  if (result.kind === "refused") return check(result.sense, { information: transferLength });
  if (result.kind === "filemark") {
    return check("filemarkDetected", { information: transferLength, filemark: true });
  }
  if (result.kind === "endOfData") return check("endOfData", { information: transferLength });
  const { length, data } = result;
  drive.statistics.bytesRead += data.byteLength;
  const residue = transferLength - length;
  // With SILI an overlength block is still told when the mode's block length is not zero.
  const waived = sili && (residue > 0 || drive.parameters.blockLength === 0);
  if (residue === 0 || waived) return good(data);
  return check("noSense", { information: residue, incorrectLength: true }, data);
}

export const read6 = mediumCommand({
  name: "READ(6)",
  opcode: 0x08,
  direction: "in",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { sili: bit(1, 1), fixed: bit(1, 0), transferLength: uint(2, 3) },
  validate({ sili, fixed, transferLength }, drive) {
    if (!fixed) return transferLength > transferBytesMax ? invalidFieldInCdb(2, 7) : undefined;
    if (sili) return invalidFieldInCdb(1, 1);
    const { blockLength } = drive.parameters;
    if (blockLength === 0) return invalidFieldInCdb(1, 0);
    return transferLength * blockLength > transferBytesMax ? invalidFieldInCdb(2, 7) : undefined;
  },
  execute(mounted, { sili, fixed, transferLength }): MaybePromise<Completion> {
    if (transferLength === 0) return good();
    if (fixed) return readFixedBlocks(mounted, transferLength);
    return chain(takeObject(mounted, transferLength), (result) =>
      variableBlock(mounted, result, transferLength, sili),
    );
  },
});
