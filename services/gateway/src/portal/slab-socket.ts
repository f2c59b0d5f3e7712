/**
 * A TCP connection that is read into slabs instead of fresh memory, and paced: it is not read while its budget is spent or
 * while its peer takes no answers, and yields to others when what it sent costs much time.
 *
 * Node reads into a buffer of ours only on sockets that are made with `onread`, and net.Server makes its sockets
 * without. So the accepted handle is moved to a second Socket that has it: the way node:child_process hands sockets on.
 * This file is the only one that touches `_handle`.
 */
import assert from "node:assert/strict";
import net from "node:net";
import { createReadBuffer } from "./read-buffer.ts";
import type { Slab, SlabBudget } from "./slab-pool.ts";
import type { Turns } from "./turns.ts";

/**
 * What may wait to be sent before the connection is not read any more: an initiator that asks and does not listen must
 * not fill our memory with answers. One that listens never gets there: its answers leave as they are made.
 */
const unsentBytesMax = 4 * 1024 * 1024;
/** And in answers, for those of 48 bytes cost more in objects than in bytes. A command window is 32, and pings are rare. */
const unsentSendsMax = 1024;

/**
 * What was read is given on in pieces, with a look at what they brought about between them: a MiB can hold 20,000 PDUs, each
 * asking for an answer that is longer than itself. Pieces grow while little waits to be sent, so payload is hardly cut.
 */
const pieceBytesMin = 1024;
const pieceBytesMax = 16 * 1024;
const unsentBytesFew = 64 * 1024;

/**
 * A connection whose PDUs took so long, were small for it (pings and text take some 100 ns a byte, payload 2) and are followed
 * by more has others served before it goes on. While others wait for such turns, it may less before its own comes.
 */
const turnMs = 2;
const turnMsBusy = 0.2;
const bytesPerMsFew = 32 * 1024;

/** Is never read into. */
const nowhere = new Uint8Array(0);

interface Handle {
  useUserBuffer(buffer: Uint8Array): void;
  /** Bytes of the write under way that the system has not taken, because the peer has not taken those before. */
  readonly writeQueueSize: number;
}

export interface SlabReader {
  /** `chunk` lies in `slab`; whoever keeps a view of it retains the slab. */
  receive(chunk: Uint8Array, slab: Pick<Slab, "retain" | "release">): void;
  /** Before, it is read into small buffers, and nothing of the budget is used. */
  hasLoggedIn(): boolean;
}

export interface SlabSocket {
  readonly socket: net.Socket;
  /** Nothing is read because the budget is spent. */
  readonly isHeldBack: boolean;
  /** Whether the peer has taken something since this was last asked, while more waited for it. */
  readonly isTaking: () => boolean;
  /** One `writev`; `sent`, where given, once, after the transport took the last byte, or when it will never take it. */
  readonly send: (views: readonly Uint8Array[], sent?: () => void) => void;
}

/** Takes an accepted socket over. */
export function adoptSocket(
  accepted: net.Socket,
  { budget, turns }: { readonly budget: SlabBudget; readonly turns: Turns },
  reader: SlabReader,
): SlabSocket {
  const handle = takeHandle(accepted);
  const buffer = createReadBuffer(budget, () => reader.hasLoggedIn());
  let pieceBytes = pieceBytesMin;
  let awaits: "slabs" | "turn" | "sent" | undefined;

  const isClogged = (): boolean =>
    sender.unsentSends > unsentSendsMax || socket.writableLength > unsentBytesMax;

  /** Gives on what was read; what has to happen before more of it is, or is read. */
  const giveOn = (limitMs: number): typeof awaits => {
    const begunMs = performance.now();
    let bytes = 0;
    for (
      let piece = buffer.take(pieceBytes);
      piece !== undefined;
      piece = buffer.take(pieceBytes)
    ) {
      reader.receive(piece.chunk, piece.slab);
      if (isClogged()) return "sent";
      bytes += piece.chunk.byteLength;
      const tookMs = performance.now() - begunMs;
      const isCostly = tookMs > limitMs && bytes < tookMs * bytesPerMsFew;
      if (isCostly && buffer.hasRest) return "turn";
      const isQuiet = socket.writableLength <= unsentBytesFew;
      pieceBytes = isQuiet ? Math.min(pieceBytes * 4, pieceBytesMax) : pieceBytesMin;
    }
    return buffer.room() === undefined ? "slabs" : undefined;
  };

  const goOn = (limitMs: number): boolean => {
    awaits = giveOn(limitMs);
    if (awaits === "slabs") budget.onFree(resume);
    if (awaits === "turn") turns.await(resume);
    return awaits === undefined;
  };

  const resume = (): void => {
    if (socket.destroyed || !goOn(turnMs)) return;
    const next = buffer.room();
    assert(next !== undefined, "there is room when nothing is awaited");
    handle.useUserBuffer(next);
    socket.resume();
  };

  // `net.Socket` takes over the handle it is given; Node's types know another kind of handle only, so it goes untyped.
  const untyped: object = { handle };
  const socket: net.Socket = new net.Socket({
    ...untyped,
    onread: {
      // Node asks for it when reading stops, too: what was filled and not given on must stay where it is.
      buffer: () => (awaits === undefined ? (buffer.room() ?? nowhere) : nowhere),
      callback: (byteCount: number) => {
        buffer.filled(byteCount);
        return goOn(turns.isBusy ? turnMsBusy : turnMs);
      },
    },
  });
  const sender = createSender(socket, () => {
    if (awaits === "sent") resume();
  });
  socket.once("close", () => buffer.close());
  return {
    socket,
    get isHeldBack() {
      return awaits === "slabs";
    },
    isTaking: () => sender.isTaking(handle.writeQueueSize),
    send: sender.send,
  };
}

interface Sender extends Pick<SlabSocket, "send"> {
  readonly unsentSends: number;
  /** `queuedBytes`: what of the write under way waits for the peer now. */
  isTaking(queuedBytes: number): boolean;
}

function createSender(socket: net.Socket, allSent: () => void): Sender {
  let unsentSends = 0;
  let sendsDone = 0;
  let before = { queuedBytes: 0, sendsDone };
  return {
    isTaking(queuedBytes) {
      const { queuedBytes: waited, sendsDone: done } = before;
      before = { queuedBytes, sendsDone };
      return waited > 0 && (queuedBytes < waited || sendsDone !== done);
    },
    get unsentSends() {
      return unsentSends;
    },
    send(views, sent) {
      if (socket.destroyed || !socket.writable) return sent?.();
      unsentSends += 1;
      const left = (): void => {
        unsentSends -= 1;
        sendsDone += 1;
        sent?.();
        if (unsentSends === 0) allSent();
      };
      socket.cork();
      for (const [index, view] of views.entries())
        socket.write(view, index === views.length - 1 ? left : undefined);
      return process.nextTick(() => socket.uncork());
    },
  };
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
