/** The blocks of the RAM disk, and whether its medium is there. */
import type { DataOut } from "@reelhouse/scsi";

export const BLOCK_BYTES = 512;
export const BLOCKS = 16_384;

export interface DiskMemory {
  /** START STOP UNIT with LOEJ took the medium out. */
  ejected: boolean;
  readonly bytes: Buffer;
}

export const newDiskMemory = (): DiskMemory => ({
  ejected: false,
  bytes: Buffer.alloc(BLOCKS * BLOCK_BYTES),
});

/** A copy of blocks: what is on its way to an initiator is not changed by the next WRITE. */
export const blocksOf = ({ bytes }: DiskMemory, lba: number, blocks: number): Buffer =>
  Buffer.from(bytes.subarray(lba * BLOCK_BYTES, (lba + blocks) * BLOCK_BYTES));

/** Lays received bytes down from a block on, and lets them go. */
export function put({ bytes }: DiskMemory, lba: number, data: DataOut): void {
  let at = lba * BLOCK_BYTES;
  for (const view of data.views) {
    bytes.set(view, at);
    at += view.byteLength;
  }
  data.release();
}
