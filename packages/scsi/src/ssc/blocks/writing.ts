/** The effect of WRITE(6) and WRITE(16) (SSC-5 7.14): blocks are handed to the medium as the transport's views. */
import type { Call } from "../../call.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, DataOut, MaybePromise } from "../../task.ts";
import { mediumLength, putBlocks, writeLengthMax } from "./block-path.ts";
import { blocksThatFit } from "../capacity/capacity.ts";
import type { Mounted } from "../commands/command.ts";
import { endWarning } from "../capacity/early-warning.ts";
import { transferBytesMax } from "../limits.ts";
import { afterStaging } from "../medium-fault.ts";
import { bufferedMode } from "../mode-parameters.ts";
import { partitionCapacityBytes } from "../partitions/partitions.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { writeRefusal } from "../write-permission.ts";

export interface WriteRequest {
  readonly fixed: boolean;
  /** Bytes of one block, or with FIXED a number of blocks. */
  readonly transferLength: number;
}

interface Transfer {
  readonly blockLength: number;
  readonly count: number;
  /** How many of them the medium has room for. */
  readonly fitting: number;
  /** INFORMATION counts bytes in variable-block mode, blocks in fixed-block mode. */
  readonly unitsPerBlock: number;
  /** Where the first block begins. */
  readonly byteOffset: number;
  /** Byte of the CDB where TRANSFER LENGTH begins. */
  readonly lengthByte: number;
}

/** The fields' faults; `lengthByte` is where TRANSFER LENGTH begins in that CDB. */
export function writeFault(
  { fixed, transferLength }: WriteRequest,
  drive: TapeDrive,
  { nexus }: Call,
  lengthByte: number,
): Completion | undefined {
  const { blockLength } = drive.parameters;
  if (fixed && blockLength === 0) return invalidFieldInCdb(1, 0);
  const longest = fixed ? blockLength : transferLength;
  const isTooLong =
    longest > writeLengthMax(drive, nexus) ||
    (fixed && transferLength * blockLength > transferBytesMax);
  return isTooLong ? invalidFieldInCdb(lengthByte, 7) : undefined;
}

const isBuffered = ({ parameters }: TapeDrive): boolean =>
  parameters.bufferedMode === bufferedMode.buffered;

/** After the blocks are in the buffer: stored when unbuffered, then early warning or the blocks that did not fit. */
function written(mounted: Mounted, transfer: Transfer): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  const { fitting, count, unitsPerBlock } = transfer;
  const end = (): Completion => {
    if (fitting < count) return overflow(transfer);
    return endWarning(mounted, transfer.byteOffset) ?? good();
  };
  if (isBuffered(drive)) return end();
  return chain(drive.writeBack.synchronize(medium, call), (stored) =>
    stored.kind === "fault" ? drive.fault(afterStaging(stored), count * unitsPerBlock) : end(),
  );
}

const overflow = ({ count, fitting, unitsPerBlock }: Transfer): Completion =>
  check("volumeOverflow", { information: (count - fitting) * unitsPerBlock, endOfMedium: true });

function writeReceived(
  mounted: Mounted,
  transfer: Transfer,
  data: DataOut,
): MaybePromise<Completion> {
  const { drive, call } = mounted;
  const { blockLength, fitting, count, unitsPerBlock, lengthByte } = transfer;
  if (data.byteLength < fitting * blockLength) {
    // The initiator sends less than the CDB says: half a block is never written.
    data.release();
    return { ...invalidFieldInCdb(lengthByte, 7), dataOutLength: fitting * blockLength };
  }
  return chain(putBlocks(mounted, data, blockLength), (result) => {
    if (result.kind === "refused") {
      return check(result.sense, { information: count * unitsPerBlock });
    }
    if (result.kind === "fault") return drive.fault(result, count * unitsPerBlock);
    drive.writeBack.markWritten(call.nexus);
    drive.statistics.bytesWritten += fitting * blockLength;
    return written(mounted, transfer);
  });
}

function receive(mounted: Mounted, transfer: Transfer): MaybePromise<Completion> {
  const { fitting, blockLength } = transfer;
  return chain(mounted.call.receiveDataOut(fitting * blockLength), (data) =>
    writeReceived(mounted, transfer, data),
  );
}

export function writeObjects(
  mounted: Mounted,
  { fixed, transferLength }: WriteRequest,
  lengthByte: number,
): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  const refused = writeRefusal(drive, medium);
  if (refused !== undefined) return refused;
  if (transferLength === 0) return good();
  const blockLength = fixed ? drive.parameters.blockLength : transferLength;
  const count = fixed ? transferLength : 1;
  const { byteOffset } = medium.position;
  const needed = mediumLength(drive, call.nexus, blockLength);
  const fitting = blocksThatFit(partitionCapacityBytes(medium), byteOffset, needed, count);
  const unitsPerBlock = fixed ? 1 : blockLength;
  const transfer = { blockLength, count, fitting, unitsPerBlock, byteOffset, lengthByte };
  if (fitting === 0) return overflow(transfer);
  if (isBuffered(drive) || !drive.writeBack.hasUnsynchronizedData)
    return receive(mounted, transfer);
  // Unbuffered, after an earlier command could not store: BUSY is true only before this block is written.
  return chain(drive.writeBack.synchronize(medium, call), (stored) =>
    stored.kind === "fault"
      ? drive.fault(stored, count * unitsPerBlock)
      : receive(mounted, transfer),
  );
}
