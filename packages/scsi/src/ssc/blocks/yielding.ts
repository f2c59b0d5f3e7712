/** Work in the CPU cut into turns of the event loop, so that one large transfer does not hold up the other drives. */
import type { MaybePromise } from "../../task.ts";

/** About 3 ms of AES-256-GCM, and less of a checksum. */
const turnBytes = 4 * 1024 * 1024;

/** Counts the bytes worked on since the event loop had its turn. */
export class Turns {
  readonly #nextTurn: () => Promise<void>;
  #bytes = 0;

  constructor(nextTurn: () => Promise<void>) {
    this.#nextTurn = nextTurn;
  }

  /** After `bytes` more: a promise when it is time to let others go on. */
  after(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    if (this.#bytes < turnBytes) return undefined;
    this.#bytes = 0;
    return this.#nextTurn();
  }
}

/** Does `work` for each block in order; it waits only where that takes longer than a turn. Ends at the first undefined. */
export function eachBlock<T>(
  turns: Turns,
  blocks: readonly (readonly Uint8Array[])[],
  blockLength: number,
  work: (block: readonly Uint8Array[]) => T | undefined,
): MaybePromise<readonly T[] | undefined> {
  const done: T[] = [];
  const goOn = (): MaybePromise<readonly T[] | undefined> => {
    while (done.length < blocks.length) {
      const result = work(blocks[done.length]!);
      if (result === undefined) return undefined;
      done.push(result);
      const turn = turns.after(blockLength);
      if (turn !== undefined) return turn.then(goOn);
    }
    return done;
  };
  return goOn();
}
