/** The effect of READ(6) and READ(16) (SSC-5 7.5): one block of any length, or blocks of the fixed length. */
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Refused } from "./block-filter.ts";
import { takeObject } from "./block-path.ts";
import type { Mounted } from "../commands/command.ts";
import { readFixedBlocks } from "./fixed-read.ts";
import { transferBytesMax } from "../limits.ts";
import type { ReadResult } from "../medium.ts";
import type { TapeDrive } from "../tape-drive.ts";

export interface ReadRequest {
  readonly sili: boolean;
  readonly fixed: boolean;
  /** Bytes of one block, or with FIXED a number of blocks. */
  readonly transferLength: number;
}

/** The fields' faults; `lengthByte` is where TRANSFER LENGTH begins in that CDB. */
export function readFault(
  { sili, fixed, transferLength }: ReadRequest,
  { parameters: { blockLength } }: TapeDrive,
  lengthByte: number,
): Completion | undefined {
  const bytes = fixed ? transferLength * blockLength : transferLength;
  if (fixed && sili) return invalidFieldInCdb(1, 1);
  if (fixed && blockLength === 0) return invalidFieldInCdb(1, 0);
  return bytes > transferBytesMax ? invalidFieldInCdb(lengthByte, 7) : undefined;
}

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

export function readObjects(mounted: Mounted, request: ReadRequest): MaybePromise<Completion> {
  const { sili, fixed, transferLength } = request;
  if (transferLength === 0) return good();
  if (fixed) return readFixedBlocks(mounted, transferLength);
  return chain(takeObject(mounted, transferLength), (result) =>
    variableBlock(mounted, result, transferLength, sili),
  );
}
