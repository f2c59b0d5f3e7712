/** What a tape must hold: every block that an answered WRITE FILEMARKS covers, by the name its bytes are made from. */
import { noise } from "../src/random.ts";

export interface LedgerBlock {
  readonly name: string;
  readonly length: number;
}

/** A logical object: a block, or null for a filemark. */
export type LedgerObject = LedgerBlock | null;

export const bytesOf = ({ name, length }: LedgerBlock): Buffer => noise(name, length);

/** One tape's objects, in order. */
export class Ledger {
  readonly #objects: LedgerObject[] = [];
  #bytes = 0;

  get length(): number {
    return this.#objects.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  at(number: number): LedgerObject | undefined {
    return this.#objects[number];
  }

  /** A file and its filemark were answered for. */
  add(blocks: readonly LedgerBlock[]): void {
    this.#objects.push(...blocks, null);
    for (const { length } of blocks) this.#bytes += length;
  }

  /** Writing begins again at the beginning of the tape: what stood there is given up. */
  clear(): void {
    this.#objects.length = 0;
    this.#bytes = 0;
  }

  /** Object numbers at which files begin. */
  fileStarts(): number[] {
    return [0, ...this.#objects.flatMap((object, at) => (object === null ? [at + 1] : []))].slice(
      0,
      -1,
    );
  }
}
