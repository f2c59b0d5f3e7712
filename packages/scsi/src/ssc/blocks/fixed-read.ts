/** READ(6) in fixed-block mode: blocks one after the other until the count, or what ends it early (SSC-5 7.5). */
import { TaskAborted } from "../../call.ts";
import { check, good } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { status } from "../../status.ts";
import type { Completion, DataIn, MaybePromise } from "../../task.ts";
import type { Refused } from "./block-filter.ts";
import { takeObject } from "./block-path.ts";
import type { Mounted } from "../commands/command.ts";
import type { MediumFault, ReadResult } from "../medium.ts";

interface Run {
  readonly mounted: Mounted;
  readonly count: number;
  readonly blockLength: number;
  /** The data of the blocks read so far. */
  readonly parts: DataIn[];
}

export function readFixedBlocks(mounted: Mounted, count: number): MaybePromise<Completion> {
  const { blockLength } = mounted.drive.parameters;
  return readOn({ mounted, count, blockLength, parts: [] });
}

function readOn(run: Run): MaybePromise<Completion> {
  const { mounted, parts, count, blockLength } = run;
  while (parts.length < count) {
    if (mounted.call.aborted) {
      joined(parts)?.release();
      throw new TaskAborted();
    }
    const result = takeObject(mounted, blockLength);
    if (result instanceof Promise) return result.then((late) => take(run, late) ?? readOn(run));
    const ended = take(run, result);
    if (ended !== undefined) return ended;
  }
  return good(joined(parts));
}

/** Takes one object; the completion when that ends the command. INFORMATION counts the blocks not read. */
function take(run: Run, result: ReadResult | Refused): MaybePromise<Completion> | undefined {
  const { drive } = run.mounted;
  const information = run.count - run.parts.length;
  if (result.kind === "fault") return endedByFault(run, result, information);
  if (result.kind === "refused") {
    return check(result.sense, { information }, joined(run.parts));
  }
  if (result.kind === "filemark") {
    return check("filemarkDetected", { information, filemark: true }, joined(run.parts));
  }
  if (result.kind === "endOfData") return check("endOfData", { information }, joined(run.parts));
  run.parts.push(result.data);
  drive.statistics.bytesRead += result.data.byteLength;
  if (result.length === run.blockLength) return undefined;
  return check("noSense", { information, incorrectLength: true }, joined(run.parts));
}

/** BUSY says that nothing was done: the blocks already passed are gone back over. */
function endedByFault(run: Run, fault: MediumFault, information: number): MaybePromise<Completion> {
  const { drive, medium } = run.mounted;
  const data = joined(run.parts);
  if (fault.fault !== "full" || run.parts.length === 0)
    return drive.fault(fault, information, data);
  data?.release();
  return chain(medium.spaceBlocks(-run.parts.length), (spaced) =>
    spaced.kind === "fault" ? drive.fault(spaced, run.count) : { status: status.busy },
  );
}

/** All the parts' views as one, without touching a byte of them. */
function joined(parts: readonly DataIn[]): DataIn | undefined {
  const [first] = parts;
  if (parts.length <= 1) return first;
  return {
    views: parts.flatMap((part) => part.views),
    byteLength: parts.reduce((sum, part) => sum + part.byteLength, 0),
    release: () => {
      for (const part of parts) part.release();
    },
  };
}
