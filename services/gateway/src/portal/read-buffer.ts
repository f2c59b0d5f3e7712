/**
 * Where a connection is read into: small buffers until it has logged in, then slabs of its budget. Between reading and
 * giving on lies what was filled and not taken yet.
 */
import type { Slab, SlabBudget } from "./slab-pool.ts";

/** Less room than this at the end of a slab is left unused: many small reads cost more than the memory. */
const readBytesMin = 64 * 1024;

/** A login's PDUs have 8 KiB at most, and come one at a time: 256 strangers hold 4 MiB. */
const loginBufferBytes = 16 * 1024;
const loginReadBytesMin = 4 * 1024;

/** What a stranger is read into: whoever has a view keeps it alive. */
type Holder = Pick<Slab, "bytes" | "retain" | "release">;

const loginBuffer = (): Holder => ({
  bytes: Buffer.allocUnsafeSlow(loginBufferBytes),
  retain() {},
  release() {},
});

export interface ReadBuffer {
  /** Room for the next read; undefined: the budget is spent. All that was filled has been taken. */
  room(): Uint8Array | undefined;
  /** So many bytes of the room were read into. */
  filled(byteCount: number): void;
  /** Whether something was filled and not taken. */
  readonly hasRest: boolean;
  /** The next of what was filled, that many bytes at most. */
  take(byteCountMax: number): { readonly chunk: Uint8Array; readonly slab: Holder } | undefined;
  /** Gives the slab back. */
  close(): void;
}

export function createReadBuffer(budget: SlabBudget, hasLoggedIn: () => boolean): ReadBuffer {
  let slab: Holder = loginBuffer();
  let isSlab = false;
  let filledBytes = 0;
  let takenBytes = 0;

  const change = (to: Holder): void => {
    slab.release();
    slab = to;
    filledBytes = 0;
    takenBytes = 0;
  };
  const isSpent = (): boolean => {
    const restBytes = slab.bytes.length - filledBytes;
    if (isSlab) return restBytes < readBytesMin;
    return hasLoggedIn() || restBytes < loginReadBytesMin;
  };

  return {
    room() {
      if (isSpent() && hasLoggedIn()) {
        if (!budget.available) return undefined;
        isSlab = true;
        change(budget.acquire());
      } else if (isSpent()) {
        change(loginBuffer());
      }
      return slab.bytes.subarray(filledBytes);
    },
    filled(byteCount) {
      filledBytes += byteCount;
    },
    get hasRest() {
      return takenBytes < filledBytes;
    },
    take(byteCountMax) {
      if (takenBytes === filledBytes) return undefined;
      const end = Math.min(takenBytes + byteCountMax, filledBytes);
      const chunk = slab.bytes.subarray(takenBytes, end);
      takenBytes = end;
      return { chunk, slab };
    },
    close: () => slab.release(),
  };
}
