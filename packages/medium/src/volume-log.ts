/** volume.log of one generation: rows are appended, synced when something must hold, and rewritten when mostly dead. */
import type { Disk, DiskFile } from "./disk.ts";
import { isRotten } from "./log-damage.ts";
import { decodeLogRow, encodeLogRow, type LogRow, logFrameBytes } from "./log-rows.ts";
import { logRowBytesMax, logTailBytes, writevBuffersMax } from "./limits.ts";
import { renameOver } from "./replace-file.ts";
import { rewrite } from "./rewrite.ts";
import { serial } from "./serial.ts";

const readBytes = 4 * 1024 * 1024;

export class VolumeLog {
  readonly #disk: Disk;
  readonly #path: string;
  #file: DiskFile;
  #bytes: number;
  #dirty = false;
  /** One write or sync at a time: a row that failed is written over by the next; no sync overtakes another. */
  readonly #inOrder = serial();

  private constructor(disk: Disk, path: string, file: DiskFile, bytes: number) {
    this.#disk = disk;
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  /** A new log with these rows, synced; its name in the folder is the caller's to sync. */
  static async create(disk: Disk, path: string, rows: readonly LogRow[]): Promise<VolumeLog> {
    const file = await disk.open(path, "create");
    const log = new VolumeLog(disk, path, file, 0);
    try {
      await log.#appendAll(rows);
      await log.sync();
    } catch (error) {
      await file.close();
      throw error;
    }
    return log;
  }

  /** Offsets of the rows, in order. */
  async #appendAll(rows: readonly LogRow[]): Promise<number[]> {
    const offsets: number[] = [];
    for (let from = 0; from < rows.length; from += writevBuffersMax) {
      const buffers = rows.slice(from, from + writevBuffersMax).map(encodeLogRow);
      const start = this.#bytes;
      await this.#file.writev(buffers, start);
      for (const buffer of buffers) {
        offsets.push(this.#bytes);
        this.#bytes += buffer.length;
      }
      this.#dirty = true;
    }
    return offsets;
  }

  /** Reads every row in order, cuts a torn tail, and says how many bytes were cut. Rejects, with nothing changed, where it is no tail. */
  static async open(
    disk: Disk,
    path: string,
    onRow: (row: LogRow, offset: number, rowBytes: number) => void,
  ): Promise<{ readonly log: VolumeLog; readonly cutBytes: number }> {
    const file = await disk.open(path, "write");
    try {
      const size = await file.size();
      const end = await scan(file, onRow);
      if (end < size) {
        if (await isRotten(file, end)) throw damaged(path, end);
        await file.truncate(end);
        await file.datasync();
      }
      return { log: new VolumeLog(disk, path, file, end), cutBytes: size - end };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Appends a row and gives its offset; it holds from the next `sync` on. */
  append(row: LogRow): Promise<number> {
    const bytes = encodeLogRow(row);
    return this.#inOrder(async () => {
      const offset = this.#bytes;
      await this.#file.writev([bytes], offset);
      this.#bytes += bytes.length;
      this.#dirty = true;
      return offset;
    });
  }

  sync(): Promise<void> {
    return this.#inOrder(async () => {
      if (!this.#dirty) return;
      await this.#file.datasync();
      this.#dirty = false;
    });
  }

  /** What the last process wrote and may not have synced, its sync failed or it was killed, is on stable storage now. */
  makeLasting(): Promise<void> {
    return this.#inOrder(() =>
      rewrite(this.#file, Math.max(0, this.#bytes - logTailBytes), this.#bytes),
    );
  }

  /** The row whose offset `append` or `open` gave; asked for when it is its turn, as compaction moves rows. */
  rowAt(offsetOf: () => number): Promise<LogRow> {
    return this.#inOrder(async () => {
      const offset = offsetOf();
      const frame = Buffer.alloc(logFrameBytes);
      await this.#file.read(frame, offset);
      const length = Math.min(frame.readUInt32BE(0), logRowBytesMax);
      const bytes = Buffer.alloc(logFrameBytes + length);
      await this.#file.read(bytes, offset);
      const decoded = decodeLogRow(bytes, 0);
      if (typeof decoded !== "object") throw damaged(this.#path, offset);
      return decoded.row;
    });
  }

  /**
   * Writes the log anew: `rows` first (they say all but what `keep` keeps of the old), then what is kept. `moved` is
   * told where each kept row went, once the new log is the log and before anyone else's turn. Rejects with
   * UncertainReplacement when either may be the log; else the old one still is, and goes on.
   */
  compact(
    rows: readonly LogRow[],
    keep: (row: LogRow, offset: number) => boolean,
    moved: (offsets: ReadonlyMap<number, number>) => void,
  ): Promise<void> {
    return this.#inOrder(async () => {
      const beside = `${this.#path}.tmp`;
      const next = await VolumeLog.create(this.#disk, beside, rows);
      const moves = new Map<number, number>();
      try {
        await this.#copyKept(next, keep, moves);
        await next.sync();
        await renameOver(this.#disk, beside, this.#path);
      } catch (error) {
        await next.close();
        throw error;
      }
      await this.#file.close();
      this.#file = next.#file;
      this.#bytes = next.#bytes;
      this.#dirty = false;
      moved(moves);
    });
  }

  async #copyKept(
    next: VolumeLog,
    keep: (row: LogRow, offset: number) => boolean,
    moves: Map<number, number>,
  ): Promise<void> {
    let kept: LogRow[] = [];
    let offsets: number[] = [];
    const onRow = (row: LogRow, offset: number): void => {
      if (!keep(row, offset)) return;
      kept.push(row);
      offsets.push(offset);
    };
    const onChunk = async (): Promise<void> => {
      const to = await next.#appendAll(kept);
      for (const [at, offset] of offsets.entries()) moves.set(offset, to[at] ?? -1);
      kept = [];
      offsets = [];
    };
    const end = await scan(this.#file, onRow, onChunk);
    // Rows that cannot be read now would be gone for good, and all behind them.
    if (end < this.#bytes) throw damaged(this.#path, end);
  }

  close(): Promise<void> {
    return this.#inOrder(() => this.#file.close());
  }
}

/** Not torn by a crash: it was whole once. */
const damaged = (path: string, at: number): Error => new Error(`${path} is damaged at byte ${at}`);

/** Calls `onRow` for each whole row, `onChunk` between chunks; gives the offset after the last whole row. */
const scan = async (
  file: DiskFile,
  onRow: (row: LogRow, offset: number, rowBytes: number) => void,
  onChunk?: () => Promise<void>,
): Promise<number> => {
  let end = 0;
  for (;;) {
    // A fresh buffer each time: rows of the last chunk may still be looked at.
    const buffer = Buffer.alloc(readBytes);
    const filled = await file.read(buffer, end);
    const bytes = buffer.subarray(0, filled);
    let offset = 0;
    let decoded = decodeLogRow(bytes, offset);
    while (typeof decoded === "object") {
      onRow(decoded.row, end + offset, decoded.rowBytes);
      offset += decoded.rowBytes;
      decoded = decodeLogRow(bytes, offset);
    }
    end += offset;
    await onChunk?.();
    if (decoded === "torn" || filled < readBytes || offset === 0) return end;
  }
};
