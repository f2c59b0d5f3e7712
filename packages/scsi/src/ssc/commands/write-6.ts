/** WRITE(6) (SSC-5 7.14): one block of the given length, or blocks of the fixed length, handed to the medium as views. */
import { bit, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, DataOut, MaybePromise } from "../../task.ts";
import { mediumLength, transferLengthMax, putBlocks } from "../block-path.ts";
import { blocksThatFit, isPastEarlyWarning } from "../capacity.ts";
import { transferBytesMax } from "../limits.ts";
import { afterStaging } from "../medium-fault.ts";
import { bufferedMode } from "../mode-parameters.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { type Mounted, mediumCommand, writeTimeoutSeconds } from "./command.ts";

interface Transfer {
  readonly blockLength: number;
  readonly count: number;
  /** How many of them the medium has room for. */
  readonly fitting: number;
  /** INFORMATION counts bytes in variable-block mode, blocks in fixed-block mode. */
  readonly unitsPerBlock: number;
}

const isBuffered = ({ parameters }: TapeDrive): boolean =>
  parameters.bufferedMode === bufferedMode.buffered;

/** After the blocks are in the buffer: stored when unbuffered, then early warning or the blocks that did not fit. */
function written(mounted: Mounted, transfer: Transfer): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  const { fitting, count, unitsPerBlock } = transfer;
  const end = (): Completion => {
    if (fitting < count) return overflow(transfer);
    if (!isPastEarlyWarning(medium.capacityBytes, medium.position.byteOffset)) return good();
    return check("earlyWarning", { information: 0, endOfMedium: true });
  };
  if (isBuffered(drive)) return end();
  return chain(drive.synchronize(medium, call), (stored) =>
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
  const { blockLength, fitting, count, unitsPerBlock } = transfer;
  if (data.byteLength < fitting * blockLength) {
    // The initiator sends less than the CDB says: half a block is never written.
    data.release();
    return { ...invalidFieldInCdb(2, 7), dataOutLength: fitting * blockLength };
  }
  return chain(putBlocks(mounted, data, blockLength), (result) => {
    if (result.kind === "refused") {
      return check(result.sense, { information: count * unitsPerBlock });
    }
    if (result.kind === "fault") return drive.fault(result, count * unitsPerBlock);
    drive.markWritten(call.nexus);
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

export const write6 = mediumCommand({
  name: "WRITE(6)",
  opcode: 0x0a,
  direction: "out",
  timeoutSeconds: writeTimeoutSeconds,
  writes: true,
  cdb: { fixed: bit(1, 0), transferLength: uint(2, 3) },
  validate({ fixed, transferLength }, drive, { nexus }) {
    const { blockLength } = drive.parameters;
    if (!fixed) {
      return transferLength > transferLengthMax(drive, nexus) ? invalidFieldInCdb(2, 7) : undefined;
    }
    if (blockLength === 0) return invalidFieldInCdb(1, 0);
    return transferLength * blockLength > transferBytesMax ? invalidFieldInCdb(2, 7) : undefined;
  },
  execute(mounted, { fixed, transferLength }) {
    if (transferLength === 0) return good();
    const { drive, medium, call } = mounted;
    const blockLength = fixed ? drive.parameters.blockLength : transferLength;
    const count = fixed ? transferLength : 1;
    const { capacityBytes, position } = medium;
    const needed = mediumLength(drive, call.nexus, blockLength);
    const fitting = blocksThatFit(capacityBytes, position.byteOffset, needed, count);
    const transfer = { blockLength, count, fitting, unitsPerBlock: fixed ? 1 : blockLength };
    if (fitting === 0) return overflow(transfer);
    if (isBuffered(drive) || !drive.hasUnsynchronizedData) return receive(mounted, transfer);
    // Unbuffered, after an earlier command could not store: BUSY is true only before this block is written.
    return chain(drive.synchronize(medium, call), (stored) =>
      stored.kind === "fault"
        ? drive.fault(stored, count * transfer.unitsPerBlock)
        : receive(mounted, transfer),
    );
  },
});
