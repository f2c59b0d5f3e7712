/**
 * The effect of VERIFY(6) and (16) (SSC-5 7.12): objects are read and checked, and with BYTCMP compared with the host's
 * bytes. What ends it early is told as READ tells it.
 */
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { type Call, TaskAborted } from "../../call.ts";
import type { Completion, DataOut, MaybePromise, Nexus } from "../../task.ts";
import type { ReadBlock, Refused } from "./block-filter.ts";
import { readLengthMax, takeObject } from "./block-path.ts";
import { compareViews } from "./compare-views.ts";
import type { Mounted } from "../commands/command.ts";
import { transferBytesMax } from "../limits.ts";
import type { ReadResult } from "../medium.ts";
import { operate } from "../operation.ts";
import type { TapeDrive } from "../tape-drive.ts";

export interface VerifyRequest {
  /** Verify to end of data. */
  readonly vte: boolean;
  /** Verify logical block protection. */
  readonly vlbpm: boolean;
  /** Verify by filemarks: VERIFICATION LENGTH counts them. */
  readonly vbf: boolean;
  readonly immed: boolean;
  /** Compare with Data-Out. */
  readonly bytcmp: boolean;
  readonly fixed: boolean;
  readonly verificationLength: number;
}

function isTooLong(
  { fixed, verificationLength }: VerifyRequest,
  drive: TapeDrive,
  nexus: Nexus,
): boolean {
  return fixed
    ? verificationLength * drive.parameters.blockLength > transferBytesMax
    : verificationLength > readLengthMax(drive, nexus);
}

/** The fields' faults; `lengthByte` is where VERIFICATION LENGTH begins in that CDB. */
export function verifyFault(
  request: VerifyRequest,
  drive: TapeDrive,
  { nexus }: Call,
  lengthByte: number,
): Completion | undefined {
  const { vte, vlbpm, vbf, immed, bytcmp, fixed } = request;
  const isProtected = drive.protection.filter(nexus) !== undefined;
  const faults: readonly (readonly [boolean, number, number])[] = [
    [vte && (vbf || bytcmp || fixed), 1, 5],
    [vbf && (bytcmp || fixed), 1, 3],
    [vlbpm && (bytcmp || !isProtected), 1, 4],
    // The data would have to wait for status that is already sent.
    [immed && bytcmp, 1, 2],
    [fixed && drive.parameters.blockLength === 0, 1, 0],
    [!vte && !vbf && isTooLong(request, drive, nexus), lengthByte, 7],
  ];
  const fault = faults.find(([isFault]) => isFault);
  return fault === undefined ? undefined : invalidFieldInCdb(fault[1], fault[2]);
}

/** What is left to verify, and what it is compared with. */
interface Run {
  readonly mounted: Mounted;
  readonly request: VerifyRequest;
  /** Bytes a block must have; undefined: any. */
  readonly blockLength: number | undefined;
  readonly expected: DataOut | undefined;
  /** In the unit of VERIFICATION LENGTH. */
  left: number;
  compared: number;
}

async function verifyOn(run: Run): Promise<Completion> {
  while (run.left > 0) {
    if (run.mounted.call.aborted && !run.request.immed) throw new TaskAborted();
    if (run.request.immed && run.mounted.drive.operation?.isUnwanted === true) return good();
    // One object after the other.
    // oxlint-disable-next-line no-await-in-loop
    const ended = await verifyObject(run);
    if (ended !== undefined) return ended;
  }
  return good();
}

async function verifyObject(run: Run): Promise<Completion | undefined> {
  const { drive, call } = run.mounted;
  const result = await takeObject(run.mounted, readLengthMax(drive, call.nexus));
  if (result.kind !== "block") return verifyNoBlock(run, result);
  drive.statistics.bytesRead += result.data.byteLength;
  try {
    return verifyBlock(run, result);
  } finally {
    result.data.release();
  }
}

/** To the end of data, or of so many files: whatever blocks there are. */
const isByEnd = ({ request: { vte, vbf } }: Run): boolean => vte || vbf;

function verifyNoBlock(
  run: Run,
  result: Exclude<ReadResult, { readonly kind: "block" }> | Refused,
): Completion | undefined {
  const { request, mounted, left } = run;
  const information = request.vte ? undefined : left;
  if (result.kind === "fault") return mounted.drive.fault(result, information);
  if (result.kind === "refused") return check(result.sense, { information });
  if (result.kind === "endOfData") {
    return request.vte ? good() : check("endOfData", { information });
  }
  if (request.vbf) run.left--;
  return isByEnd(run) ? undefined : check("filemarkDetected", { information, filemark: true });
}

function verifyBlock(run: Run, { length, data }: ReadBlock): Completion | undefined {
  if (isByEnd(run)) return undefined;
  const { request, expected, left } = run;
  if (length !== run.blockLength) {
    const information = request.fixed ? left : left - length;
    return check("noSense", { information, incorrectLength: true });
  }
  if (expected !== undefined && !compareViews(expected.views, run.compared, data.views)) {
    return check("miscompareDuringVerify", { information: left });
  }
  run.compared += length;
  run.left -= request.fixed ? 1 : left;
  return undefined;
}

function begin(mounted: Mounted, request: VerifyRequest, expected: DataOut | undefined): Run {
  const { fixed, vte, verificationLength } = request;
  return {
    mounted,
    request,
    expected,
    blockLength: fixed ? mounted.drive.parameters.blockLength : verificationLength,
    left: vte ? Infinity : verificationLength,
    compared: 0,
  };
}

/** Of the units asked for, or to the end of data of the bytes that lie before it: it may be hours of recalls. */
function partVerified(run: Run): () => number {
  const { request, mounted, left: total } = run;
  const { medium } = mounted;
  if (!request.vte) return () => (total - run.left) / total;
  const { partition, byteOffset: begun } = medium.position;
  return () => {
    const bytes = (medium.partitions[partition]?.usedBytes ?? begun) - begun;
    return bytes === 0 ? 0 : (medium.position.byteOffset - begun) / bytes;
  };
}

export function verify(mounted: Mounted, request: VerifyRequest): MaybePromise<Completion> {
  const { verificationLength, vte, bytcmp, immed } = request;
  if (verificationLength === 0 && !vte) return good();
  if (bytcmp) return compare(mounted, request);
  const run = begin(mounted, request, undefined);
  return operate(mounted, "verify", immed, [() => verifyOn(run)], partVerified(run));
}

async function compare(mounted: Mounted, request: VerifyRequest): Promise<Completion> {
  const { fixed, verificationLength } = request;
  const { blockLength } = mounted.drive.parameters;
  const byteLength = fixed ? verificationLength * blockLength : verificationLength;
  const expected = await mounted.call.receiveDataOut(byteLength);
  try {
    if (expected.byteLength < byteLength) {
      return { ...invalidFieldInCdb(1, 1), dataOutLength: byteLength };
    }
    return await verifyOn(begin(mounted, request, expected));
  } finally {
    expected.release();
  }
}
