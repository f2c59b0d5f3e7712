/** Reads a file front to back through one buffer, for those who check every byte of it. */
import type { DiskFile } from "./disk.ts";
import { slabBytes } from "./limits.ts";

export class FileCursor {
  readonly #file: DiskFile;
  readonly #buffer = Buffer.allocUnsafeSlow(slabBytes);
  #bufferStart: number;
  #buffered = 0;
  #offset: number;

  constructor(file: DiskFile, offset = 0) {
    this.#file = file;
    this.#bufferStart = offset;
    this.#offset = offset;
  }

  /** The next bytes, at least one and at most `bytesMax`; empty at the end. Valid until the next call. */
  async some(bytesMax: number): Promise<Uint8Array> {
    if (this.#offset === this.#bufferStart + this.#buffered) {
      this.#bufferStart = this.#offset;
      this.#buffered = await this.#file.read(this.#buffer, this.#offset);
    }
    const from = this.#offset - this.#bufferStart;
    const view = this.#buffer.subarray(from, Math.min(this.#buffered, from + bytesMax));
    this.#offset += view.byteLength;
    return view;
  }

  /** Copies the next bytes into `into`; false when the file ends before it is full. */
  async fill(into: Uint8Array): Promise<boolean> {
    let filled = 0;
    while (filled < into.byteLength) {
      const view = await this.some(into.byteLength - filled);
      if (view.byteLength === 0) return false;
      into.set(view, filled);
      filled += view.byteLength;
    }
    return true;
  }
}
