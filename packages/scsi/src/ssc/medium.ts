/**
 * The port a tape drive reads and writes its medium through. packages/medium holds the real one; the gateway joins
 * them and adds what neither knows: the cache's limits and the recall of segments that lie in the vault.
 *
 * Words: SSC-5 3.1 (logical object, logical block, filemark, BOP, EOD). One call at a time; the drive keeps the order.
 */
import type { DataIn, DataOut, MaybePromise } from "../task.ts";

/** Where the medium stands, between two logical objects. */
export interface Position {
  readonly partition: number;
  /** Logical objects (blocks and filemarks) between BOP and here. */
  readonly objectNumber: number;
  /** Filemarks between BOP and here: the logical file identifier of READ POSITION. */
  readonly fileNumber: number;
  /** Medium bytes used between BOP and here, headers included: what capacity and early warning are measured in. */
  readonly byteOffset: number;
  readonly endOfData: boolean;
}

/**
 * What can go wrong below the drive, and has no place in a normal answer:
 * `full`: the cache has no room that may be given up: the command was not performed, the host tries again (BUSY).
 * `write`: earlier or present data could not be put on stable storage (MEDIUM ERROR, deferred where it came later).
 * `read`: the block is there but unreadable: bad checksum or a failing disk (MEDIUM ERROR, UNRECOVERED READ ERROR).
 * `recall`: the block lies in the vault and could not be fetched (NOT READY or HARDWARE ERROR, see the drive).
 */
export interface MediumFault {
  readonly kind: "fault";
  readonly fault: "full" | "write" | "read" | "recall";
  /** For the log; never shown to the host. */
  readonly reason: string;
  /** Nothing failed: `giveUpRecall` ended the wait. */
  readonly givenUp?: boolean;
}

/** What a block is marked with on the medium, besides its bytes. */
export interface BlockMarks {
  /** The bytes are not the host's but an enciphered block with its key-associated data: see block-cipher.ts. */
  readonly enciphered?: boolean;
  /** The host switched compression off: the vault stores it as it is. */
  readonly uncompressed?: boolean;
}

/** One partition (SSC-5 4.2.7). */
export interface MediumPartition {
  readonly capacityBytes: number;
  /** Medium bytes between BOP and end of data, as `Position.byteOffset` counts them. */
  readonly usedBytes: number;
  /** Logical objects, and filemarks among them, between BOP and end of data. */
  readonly objectCount: number;
  readonly filemarkCount: number;
}

/** A medium auxiliary memory attribute (SPC-5 7.4), as it lies with the volume. */
export interface MediumAttribute {
  readonly identifier: number;
  /** FORMAT: 0 binary, 1 ASCII, 2 text. */
  readonly format: 0 | 1 | 2;
  readonly value: Uint8Array;
}

export type WriteResult = { readonly kind: "written" } | MediumFault;

export type ReadResult =
  /** `length`: the whole block's length; `data` holds its first min(length, byteLengthMax) bytes. The position is after it. */
  | {
      readonly kind: "block";
      readonly length: number;
      readonly data: DataIn;
      /** `BlockMarks.enciphered`, as written; such a block is always handed out whole. */
      readonly enciphered: boolean;
    }
  /** The position is after the filemark. */
  | { readonly kind: "filemark" }
  | { readonly kind: "endOfData" }
  | MediumFault;

export type SpaceResult =
  /**
   * `moved`: objects of the kind asked for that were passed (never negative).
   * `stop`: why it ended. Spacing over blocks ends after (forward) or before (backward) the filemark it met.
   */
  | {
      readonly kind: "spaced";
      readonly moved: number;
      readonly stop: "count" | "filemark" | "beginningOfPartition" | "endOfData";
    }
  | MediumFault;

export type LocateResult =
  | { readonly kind: "located" }
  | { readonly kind: "endOfData" }
  | MediumFault;

export interface Medium {
  /** The volume tag, as on the label. */
  readonly barcode: string;
  /** Native capacity in bytes, of all partitions. */
  readonly capacityBytes: number;
  /** By partition number, at least one. */
  readonly partitions: readonly MediumPartition[];
  readonly writeProtected: boolean;
  /** Write once: data may be appended, never overwritten or erased; the drive refuses it. */
  readonly worm: boolean;
  readonly position: Position;

  /**
   * Writes `data` at the position as blocks of `blockLength` bytes each (`data.byteLength` is a multiple of it), and
   * takes `data`: it is released when the bytes have left it. Overwriting ends the data here. Buffered: "written" says
   * the blocks are in the medium's buffer. An earlier failure to store is told here as fault `write`.
   */
  writeBlocks(data: DataOut, blockLength: number, marks?: BlockMarks): MaybePromise<WriteResult>;
  writeFilemarks(count: number): MaybePromise<WriteResult>;
  /** All before this is on stable storage when it says "written". Cheap when nothing is pending. */
  synchronize(): MaybePromise<WriteResult>;
  /**
   * Ends the wait of the call under way, if it waits for a recall: it answers fault `recall`, given up, and the position is
   * as it was. The recall itself goes on. For a command that was aborted: the next one shall not wait for hours.
   */
  giveUpRecall(): void;
  /** Reads the next logical object. */
  read(byteLengthMax: number): MaybePromise<ReadResult>;
  /** Blocks: `count` may be negative (towards BOP). */
  spaceBlocks(count: number): MaybePromise<SpaceResult>;
  spaceFilemarks(count: number): MaybePromise<SpaceResult>;
  spaceEndOfData(): MaybePromise<SpaceResult>;
  /**
   * To the object with that number in `partition` (left out: the present one); stops at its end of data when there is
   * none. Into another partition all written before is stored first; that may fail like `synchronize`.
   */
  locate(objectNumber: number, partition?: number): MaybePromise<LocateResult>;
  /** Ends the data at the position (ERASE). */
  erase(): MaybePromise<WriteResult>;

  /**
   * FORMAT MEDIUM: all data is gone, and there are as many empty partitions as capacities, 1 to 4; the position is BOP
   * of partition 0. Durable when it says "written", and all or nothing over a crash.
   */
  format(capacitiesBytes: readonly number[]): MaybePromise<WriteResult>;

  /** The attributes that lie with the volume, of one partition, in order of identifier. */
  attributes(partition: number): readonly MediumAttribute[];
  /**
   * Replaces them, or removes those with an empty value. Durable when it says "written"; all or nothing. Fault `full`:
   * the medium auxiliary memory has no room for them (SPC-5 AUXILIARY MEMORY OUT OF SPACE), and all is as before.
   */
  writeAttributes(
    partition: number,
    attributes: readonly MediumAttribute[],
  ): MaybePromise<WriteResult>;

  /** What the vault made of the bytes of this volume that are in it: what was put in, and what came out of compression. */
  readonly compression: { readonly inBytes: number; readonly outBytes: number };
}
