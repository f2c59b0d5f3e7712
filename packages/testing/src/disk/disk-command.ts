/** Rows of the RAM disk's commands: where LBA and length stand in a CDB, and what refuses it before it begins. */
import {
  type BoundCommand,
  type Call,
  type CdbLayout,
  type Command,
  type Completion,
  type Device,
  type MaybePromise,
  check,
  defineCommand,
  status,
  uint,
  uint64,
} from "@reelhouse/scsi";
import { BLOCKS, type DiskMemory } from "./disk-memory.ts";

export type DiskRow = BoundCommand<Device>;

export const diskCommand = <const L extends CdbLayout>(row: Command<Device, L>): DiskRow =>
  defineCommand(row);

export interface Extent {
  readonly lba: number;
  readonly blocks: number;
}

/** By the length of the CDB (SBC-4 5). */
export const extentFields = {
  10: { lba: uint(2, 4), blocks: uint(7, 2) },
  12: { lba: uint(2, 4), blocks: uint(6, 4) },
  16: { lba: uint64(2), blocks: uint(10, 4) },
} as const;

export type CdbLength = keyof typeof extentFields;

const ILLEGAL_REQUEST = 5;
const LBA_OUT_OF_RANGE = 0x21;

/** ILLEGAL REQUEST 21/00, which neither drive nor changer has. */
function lbaOutOfRange(): Completion {
  const sense = Uint8Array.of(0x70, 0, ILLEGAL_REQUEST, 0, 0, 0, 0, 10, ...new Uint8Array(10));
  sense[12] = LBA_OUT_OF_RANGE;
  return { status: status.checkCondition, sense };
}

type Run<C> = (cdb: C, call: Call) => MaybePromise<Completion>;

/** A command that needs a medium. */
export const onMedium =
  <C>(memory: DiskMemory, run: Run<C>) =>
  (_device: Device, cdb: C, call: Call): MaybePromise<Completion> =>
    memory.ejected ? check("mediumNotPresent") : run(cdb, call);

/** A command that needs the blocks that it names. */
export const onBlocks = <C extends Extent>(memory: DiskMemory, run: Run<C>) =>
  onMedium<C>(memory, (cdb, call) =>
    cdb.lba + cdb.blocks > BLOCKS ? lbaOutOfRange() : run(cdb, call),
  );
