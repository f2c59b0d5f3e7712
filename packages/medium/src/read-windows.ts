/**
 * The part of one file that was read ahead: slabs that follow one another without a gap, so that a record may begin in
 * one and end in the next and still be handed out without a copy. Once blocks are taken in order, what follows is read
 * while the host still has its hands full with what it got.
 */
import { type DiskFile, stopIfBroken } from "./disk.ts";
import { readAheadBytes } from "./limits.ts";
import type { DataIn, Slab } from "./port.ts";

interface Window {
  readonly start: number;
  readonly end: number;
  readonly slab: Slab;
}

export class ReadWindows {
  readonly #acquire: () => Slab;
  #windows: Window[] = [];
  /** Counts what made windows stale: a read begun before brings nothing. */
  #era = 0;
  /** The one read under way; never rejects. Its slab is its own until it is a window. */
  #reading: Promise<void> | undefined;
  /** Where the record after the last one taken begins. */
  #next = -1;

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
    while (!this.covers(offset, bytes)) {
      if (this.#reading !== undefined) {
        await this.#reading;
        continue;
      }
      const filled = await this.#begin(file, this.#windows.at(-1)?.end ?? offset, end);
      if (filled === 0) return false;
    }
    return true;
  }

  /** The record of these bytes was taken. If the one before it was the one taken before, reads on behind it, unasked. */
  taken(file: DiskFile, offset: number, bytes: number, end: number): void {
    const inOrder = offset === this.#next;
    this.#next = offset + bytes;
    this.#dropBefore(this.#next);
    if (inOrder && this.#reading === undefined) void this.#readAhead(file, end);
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
    this.#era += 1;
    this.#next = -1;
  }

  /** Resolves when no read is under way: the file may be closed. */
  async idle(): Promise<void> {
    while (this.#reading !== undefined) await this.#reading;
  }

  /** Never rejects: a failure is for whoever needs these bytes; he reads them again and is told. */
  async #readAhead(file: DiskFile, end: number): Promise<void> {
    const era = this.#era;
    try {
      while (era === this.#era && this.#reading === undefined) {
        const last = this.#windows.at(-1);
        if (last === undefined || last.end >= end) return;
        if (last.end - this.#next >= readAheadBytes) return;
        if ((await this.#begin(file, last.end, end)) === 0) return;
      }
    } catch (error) {
      stopIfBroken(error);
    }
  }

  #begin(file: DiskFile, at: number, end: number): Promise<number> {
    const reading = this.#readOn(file, at, end);
    this.#reading = this.#watch(reading);
    return reading;
  }

  async #watch(reading: Promise<number>): Promise<void> {
    try {
      await reading;
    } catch {
      // Told to whoever began it.
    } finally {
      this.#reading = undefined;
    }
  }

  /** Adds the window that begins at `at`; gives the bytes read, 0 at the end of the file. */
  async #readOn(file: DiskFile, at: number, end: number): Promise<number> {
    const era = this.#era;
    const slab = this.#acquire();
    let filled = 0;
    try {
      filled = await file.read(
        slab.bytes.subarray(0, Math.min(slab.bytes.byteLength, end - at)),
        at,
      );
    } finally {
      if (filled === 0 || era !== this.#era) slab.release();
      else this.#windows.push({ start: at, end: at + filled, slab });
    }
    return filled;
  }

  #dropBefore(offset: number): void {
    while ((this.#windows[0]?.end ?? Infinity) <= offset) this.#windows.shift()?.slab.release();
  }
}
