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

/**
 * What may wait to be sent before the connection is not read any more: an initiator that asks and does not listen must
 * not fill our memory with answers. One that listens never gets there: its answers leave as they are made.
 */
const unsentBytesMax = 4 * 1024 * 1024;

interface Handle {
  useUserBuffer(buffer: Uint8Array): void;
}

export interface SlabReader {
  /** `chunk` lies in `slab`; whoever keeps a view of it retains the slab. */
  receive(chunk: Uint8Array, slab: Slab): void;
}

/**
 * Takes an accepted socket over. It reads until the budget is spent or the peer takes no answers, and goes on when slabs
 * come back or the answers have left.
 */
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

  // `net.Socket` takes over the handle it is given; Node's types know another kind of handle only, so it goes untyped.
  const untyped: object = { handle };
  const socket: net.Socket = new net.Socket({
    ...untyped,
    onread: {
      buffer: () => room() ?? slab.bytes,
      callback: (byteCount: number) => {
        const chunk = slab.bytes.subarray(filled, filled + byteCount);
        filled += byteCount;
        reader.receive(chunk, slab);
        if (socket.writableLength > unsentBytesMax) {
          paused = true;
          socket.once("drain", resume);
          return false;
        }
        if (slab.bytes.length - filled >= readBytesMin || budget.available) return true;
        paused = true;
        budget.onFree(resume);
        return false;
      },
    },
  });
  socket.once("close", () => {
    slab.release();
    assert(!paused || socket.destroyed);
  });
  return socket;
}

/** Node's own name for it. */
const handleField = "_handle";

const isHandle = (value: unknown): value is Handle =>
  typeof value === "object" &&
  value !== null &&
  "useUserBuffer" in value &&
  typeof value.useUserBuffer === "function";

function takeHandle(accepted: net.Socket): Handle {
  const handle: unknown = Reflect.get(accepted, handleField);
  assert(isHandle(handle), "this Node has no handle to adopt");
  // The first socket must not close it.
  Reflect.set(accepted, handleField, null);
  accepted.removeAllListeners();
  return handle;
}
