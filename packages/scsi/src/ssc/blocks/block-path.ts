/**
 * The one way of a block to and from the medium. READ, WRITE and VERIFY go through here, and nothing else does: what
 * is done to each block on its way (marks, encryption, block protection) has its place in these functions.
 */
import { chain } from "../../maybe-promise.ts";
import type { DataOut, MaybePromise, Nexus } from "../../task.ts";
import type { BlockFilter, Refused } from "./block-filter.ts";
import type { Mounted } from "../commands/command.ts";
import { blockLengthMax } from "../limits.ts";
import type { BlockMarks, MediumFault, ReadResult, WriteResult } from "../medium.ts";
import type { TapeDrive } from "../tape-drive.ts";

const uncompressed: BlockMarks = Object.freeze({ uncompressed: true });

/** Bytes on the medium of a block that is transferred as `transferLength` bytes: what counts against the capacity. */
export function mediumLength(drive: TapeDrive, nexus: Nexus, transferLength: number): number {
  return drive.blockFilter(nexus)?.mediumLength(transferLength) ?? transferLength;
}

/** Longest block that nexus may write: its protection information comes on top of the limit (SSC-5 7.5). */
export function writeLengthMax(drive: TapeDrive, nexus: Nexus): number {
  return blockLengthMax + (drive.blockFilter(nexus)?.writeInformationLength ?? 0);
}

/** Longest block there is for that nexus to read, likewise. */
export function readLengthMax(drive: TapeDrive, nexus: Nexus): number {
  return blockLengthMax + (drive.blockFilter(nexus)?.readInformationLength ?? 0);
}

/** Writes `data` as blocks of `blockLength` and takes it. Blocks written with DCE zero are marked so (SSC-5 8.4.3). */
export function putBlocks(
  { drive, medium, call }: Mounted,
  data: DataOut,
  blockLength: number,
): MaybePromise<WriteResult | Refused> {
  const marks = drive.parameters.compressionEnabled ? undefined : uncompressed;
  const filter = drive.blockFilter(call.nexus);
  if (filter === undefined) return medium.writeBlocks(data, blockLength, marks);
  return chain(filter.toMedium(data, blockLength), (blocks) =>
    blocks.kind === "refused"
      ? blocks
      : medium.writeBlocks(blocks.data, blocks.blockLength, { ...marks, ...blocks.marks }),
  );
}

/** Takes the next logical object from the medium, with at most `byteLengthMax` bytes of it. */
export function takeObject(
  mounted: Mounted,
  byteLengthMax: number,
): MaybePromise<ReadResult | Refused> {
  const filter = mounted.drive.blockFilter(mounted.call.nexus);
  const result = mounted.medium.read(byteLengthMax);
  // The hot path: no promise, no closure, one branch.
  if (filter === undefined && !(result instanceof Promise) && !isEnciphered(result)) return result;
  return chain(result, (read) => filtered(mounted, filter, read, byteLengthMax));
}

const isEnciphered = (result: ReadResult): boolean => result.kind === "block" && result.enciphered;

function filtered(
  mounted: Mounted,
  filter: BlockFilter | undefined,
  read: ReadResult,
  byteLengthMax: number,
): MaybePromise<ReadResult | Refused> {
  if (read.kind !== "block") return read;
  if (filter !== undefined) {
    return chain(filter.fromMedium(read, byteLengthMax), (block) =>
      block.kind === "refused" ? backBefore(mounted, block) : block,
    );
  }
  if (!read.enciphered) return read;
  read.data.release();
  return backBefore(mounted, { kind: "refused", sense: "unableToDecryptData" });
}

/** A block that may not be read stays the next one (SSC-5 4.2.22). */
function backBefore({ medium }: Mounted, refused: Refused): MaybePromise<Refused | MediumFault> {
  return chain(medium.spaceBlocks(-1), (spaced) => (spaced.kind === "fault" ? spaced : refused));
}
