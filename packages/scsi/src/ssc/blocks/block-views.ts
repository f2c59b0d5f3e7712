/** Lists of views as blocks, without touching a byte of them. */
import { joinBuffer } from "../../bytes.ts";

/** The bytes [start, end) of the views put end to end. */
export function viewsBetween(
  views: readonly Uint8Array[],
  start: number,
  end: number,
): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const view of views) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, view.length);
    if (from < to) parts.push(view.subarray(from, to));
    offset += view.length;
    if (offset >= end) break;
  }
  return parts;
}

/** The views cut into blocks of `blockLength` bytes; what is left over at the end is no block. */
export function blocksOf(
  views: readonly Uint8Array[],
  blockLength: number,
): readonly (readonly Uint8Array[])[] {
  const blocks: Uint8Array[][] = [];
  let block: Uint8Array[] = [];
  let missing = blockLength;
  for (const view of views) {
    for (let offset = 0; offset < view.length;) {
      const part = view.subarray(offset, offset + missing);
      block.push(part);
      offset += part.length;
      missing -= part.length;
      if (missing > 0) continue;
      blocks.push(block);
      block = [];
      missing = blockLength;
    }
  }
  return blocks;
}

/** The first `length` bytes, or all there are, in one piece: for headers and trailers, never for blocks. */
export function gather(views: readonly Uint8Array[], length: number): Buffer {
  const [first] = views;
  if (first !== undefined && first.length >= length) {
    return Buffer.from(first.buffer, first.byteOffset, length);
  }
  return joinBuffer(...viewsBetween(views, 0, length));
}

export function byteLengthOf(views: readonly Uint8Array[]): number {
  return views.reduce((sum, view) => sum + view.length, 0);
}
