/**
 * The part of one file that was read ahead: slabs that follow one another without a gap, so that a record may begin in
 * one and end in the next and still be handed out without a copy.
 */
import type { DiskFile } from "./disk.ts";
import type { DataIn, Slab } from "./port.ts";

interface Window {
  readonly start: number;
  readonly end: number;
  readonly slab: Slab;
}

export class ReadWindows {
  readonly #acquire: () => Slab;
  #windows: Window[] = [];

  constructor(acquire: () => Slab) {
    this.#acquire = acquire;
  }

  covers(offset: number, bytes: number): boolean {
    const first = this.#windows[0];
    const last = this.#windows.at(-1);
    if (first === undefined || last === undefined) return false;
    return offset >= first.start && offset + bytes <= last.end;
  }

  /** Reads until the bytes are covered; never past `end`. False: the file is shorter than it should be. */
  async fill(file: DiskFile, offset: number, bytes: number, end: number): Promise<boolean> {
    const last = this.#windows.at(-1);
    const joins =
      last !== undefined && offset >= (this.#windows[0]?.start ?? 0) && offset <= last.end;
    if (!joins) this.clear();
    this.#dropBefore(offset);
    let at = this.#windows.at(-1)?.end ?? offset;
    while (at < offset + bytes) {
      const slab = this.#acquire();
      let filled = 0;
      try {
        const view = slab.bytes.subarray(0, Math.min(slab.bytes.byteLength, end - at));
        filled = await file.read(view, at);
      } finally {
        if (filled === 0) slab.release();
      }
      if (filled === 0) return false;
      this.#windows.push({ start: at, end: at + filled, slab });
      at += filled;
    }
    return true;
  }

  /** Views of covered bytes. Valid while the windows stand; see `lease`. */
  views(offset: number, bytes: number): Uint8Array[] {
    const views: Uint8Array[] = [];
    for (const { start, end, slab } of this.#windows) {
      const from = Math.max(offset, start);
      const to = Math.min(offset + bytes, end);
      if (from < to) views.push(slab.bytes.subarray(from - start, to - start));
    }
    return views;
  }

  /** The same views with their slabs held until `release`. */
  lease(offset: number, bytes: number): DataIn {
    const held = this.#windows
      .filter(({ start, end }) => start < offset + bytes && end > offset)
      .map(({ slab }) => slab);
    for (const slab of held) slab.retain();
    return {
      views: this.views(offset, bytes),
      byteLength: bytes,
      release: () => {
        for (const slab of held) slab.release();
      },
    };
  }

  clear(): void {
    for (const { slab } of this.#windows) slab.release();
    this.#windows = [];
  }

  #dropBefore(offset: number): void {
    while ((this.#windows[0]?.end ?? Infinity) <= offset) this.#windows.shift()?.slab.release();
  }
}
