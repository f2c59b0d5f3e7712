/** A byte stream as tape blocks: all of the same length but the last, as tar with a blocking factor makes them. */
import type { Readable } from "node:stream";

/** Fills one block at a time; a block given out is the caller's. The last one may be shorter. */
export const blocksOf = async function* blocksOf(
  stream: Readable,
  blockLength: number,
): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(blockLength);
  let filled = 0;
  for await (const chunk of stream) {
    let rest: Buffer = Buffer.from(chunk);
    while (rest.length > 0) {
      const count = rest.copy(block, filled);
      filled += count;
      rest = rest.subarray(count);
      if (filled < blockLength) continue;
      yield block;
      block = Buffer.allocUnsafe(blockLength);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
};
