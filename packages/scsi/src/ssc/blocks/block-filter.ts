/**
 * What may stand between the blocks a host transfers and those on the medium: logical block protection (SSC-5 4.2.29)
 * and data encryption (SSC-5 4.2.22). block-path.ts is where it is used.
 */
import type { DataOut, MaybePromise } from "../../task.ts";
import type { SenseName } from "../../sense.ts";
import type { BlockMarks, ReadResult } from "../medium.ts";

/** The block is not let through; nothing was written, and a read left the position before the block. */
export interface Refused {
  readonly kind: "refused";
  readonly sense: SenseName;
}

export const refused = (sense: SenseName): Refused => ({ kind: "refused", sense });

/** Bytes made for one command are left to the garbage collector. */
export function nothingToRelease(): void {
  // Nobody lent them.
}

export type ReadBlock = Extract<ReadResult, { readonly kind: "block" }>;

/** Blocks as they go to the medium, all of one length. */
export interface MediumBlocks {
  readonly kind: "blocks";
  readonly data: DataOut;
  readonly blockLength: number;
  readonly marks: BlockMarks;
}

/** The filter of one I_T nexus, made of its settings. */
export interface BlockFilter {
  /** Bytes that a block has more than the host's data when it is written, and read: protection information, a container. */
  readonly writeInformationLength: number;
  readonly readInformationLength: number;
  /** Bytes on the medium of a block that is transferred as `transferLength` bytes. */
  mediumLength(transferLength: number): number;
  /** Takes `data`, blocks of `blockLength` bytes each: it is released here or by whoever takes the outcome. */
  toMedium(data: DataOut, blockLength: number): MaybePromise<MediumBlocks | Refused>;
  /** Takes `block`, and gives what a host that asks for `byteLengthMax` bytes gets of it, its length as transferred. */
  fromMedium(block: ReadBlock, byteLengthMax: number): MaybePromise<ReadBlock | Refused>;
}
