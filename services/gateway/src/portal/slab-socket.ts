/**
 * A TCP connection that is read into slabs instead of fresh memory.
 *
 * Node reads into a buffer of ours only on sockets that are made with `onread`, and net.Server makes its sockets
 * without. So the accepted handle is moved to a second Socket that has it: the way node:child_process hands sockets on.
 * This file is the only one that touches `_handle`.
 */
import assert from "node:assert/strict";
import net from "node:net";
import type { Slab, SlabBudget } from "./slab-pool.ts";

/** Less room than this at the end of a slab is left unused: many small reads cost more than the memory. */
const readBytesMin = 64 * 1024;

interface Handle {
  useUserBuffer(buffer: Uint8Array): void;
}

export interface SlabReader {
  /** `chunk` lies in `slab`; whoever keeps a view of it retains the slab. */
  receive(chunk: Uint8Array, slab: Slab): void;
}

/** Takes an accepted socket over. It reads until the budget is spent, and goes on when slabs come back. */
export function adoptSocket(
  accepted: net.Socket,
  budget: SlabBudget,
  reader: SlabReader,
): net.Socket {
  const handle = takeHandle(accepted);
  let slab = budget.acquire();
  let filled = 0;
  let paused = false;

  /** The room for the next read, or nothing when the budget is spent. */
  const room = (): Uint8Array | undefined => {
    if (slab.bytes.length - filled < readBytesMin) {
      if (!budget.available) return undefined;
      slab.release();
      slab = budget.acquire();
      filled = 0;
    }
    return slab.bytes.subarray(filled);
  };

  const resume = () => {
    if (socket.destroyed) return;
    const next = room();
    if (next === undefined) {
      budget.onFree(resume);
      return;
    }
    paused = false;
    handle.useUserBuffer(next);
    socket.resume();
  };

  const socket: net.Socket = new net.Socket({
    handle,
    onread: {
      buffer: () => room() ?? slab.bytes,
      callback: (byteCount: number) => {
        const chunk = slab.bytes.subarray(filled, filled + byteCount);
        filled += byteCount;
        reader.receive(chunk, slab);
        if (slab.bytes.length - filled >= readBytesMin || budget.available) return true;
        paused = true;
        budget.onFree(resume);
        return false;
      },
    },
  } as unknown as net.SocketConstructorOpts);
  socket.once("close", () => {
    slab.release();
    assert(!paused || socket.destroyed);
  });
  return socket;
}

function takeHandle(accepted: net.Socket): Handle {
  const holder = accepted as unknown as { _handle: Handle | null };
  // oxlint-disable-next-line eslint/no-underscore-dangle -- Node's own name for it
  const handle = holder._handle;
  assert(
    handle !== null && typeof handle.useUserBuffer === "function",
    "this Node has no handle to adopt",
  );
  // oxlint-disable-next-line eslint/no-underscore-dangle -- as above: the first socket must not close it
  holder._handle = null;
  accepted.removeAllListeners();
  return handle;
}
