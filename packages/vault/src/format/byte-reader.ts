/** Reads exact lengths out of a stream of chunks, however it is cut. */
import { VaultError } from "../errors.ts";

export interface ByteReader {
  /** Exactly `byteLength` bytes (a view where one chunk holds them), or OBJECT_DAMAGED at the stream's end. */
  read(byteLength: number): Promise<Buffer>;
  /** Rejects with OBJECT_DAMAGED unless the stream ends here. */
  expectEnd(): Promise<void>;
  /** Tells the source that nobody reads on, so that it lets its connection or file go. */
  close(): Promise<void>;
}

const view = (chunk: Uint8Array): Buffer =>
  Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

/** `onChunk` sees every chunk once, in order, as it arrives. */
export const createByteReader = (
  source: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): ByteReader => {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const next = async (): Promise<boolean> => {
    const result = await iterator.next();
    if (result.done === true) return false;
    onChunk(result.value);
    rest = view(result.value);
    return true;
  };
  const nextFilled = async (): Promise<boolean> => {
    while (rest.length === 0) if (!(await next())) return false;
    return true;
  };
  const take = (byteLength: number): Buffer => {
    const taken = rest.subarray(0, byteLength);
    rest = rest.subarray(taken.length);
    return taken;
  };
  return {
    async read(byteLength) {
      if (byteLength <= rest.length) return take(byteLength);
      const parts: Buffer[] = [];
      for (let missing = byteLength; missing > 0;) {
        if (!(await nextFilled())) throw new VaultError("OBJECT_DAMAGED", "cut short");
        const part = take(missing);
        parts.push(part);
        missing -= part.length;
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts, byteLength);
    },
    async expectEnd() {
      if (await nextFilled()) throw new VaultError("OBJECT_DAMAGED", "bytes behind the end");
    },
    async close() {
      await iterator.return?.();
    },
  };
};
