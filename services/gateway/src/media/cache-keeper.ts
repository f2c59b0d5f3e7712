/**
 * Keeps the cache within its budget: gives up files that have a receipt, oldest volume first, and slows down and then
 * refuses writes when only files without one are left. What has no receipt is never given up.
 */
import { statfs } from "node:fs/promises";
import { admission } from "@reelhouse/medium";
import type { Logger } from "@reelhouse/service-kit";
import { evict } from "./evict.ts";
import type { Media } from "./media.ts";

/** The disk itself keeps so much free, whatever the budget says: state files, the outbox, the log. */
const diskFreeBytesMin = 256 * 1024 * 1024;

const lookMs = 250;

/** Files are given up until this much of the budget is free, so that not each write evicts. */
const evictTo = 0.95;

export interface CacheKeeperOptions {
  readonly media: Pick<Media, "volumes">;
  readonly directory: string;
  readonly budgetBytes: number;
  readonly logger: Logger;
}

export class CacheKeeper {
  readonly budgetBytes: number;
  readonly #media: Pick<Media, "volumes">;
  readonly #directory: string;
  readonly #logger: Logger;
  /** As of the last look; what was admitted since is added. */
  #pendingBytes = 0;
  #cleanBytes = 0;
  #diskFreeBytes = Infinity;
  /** Barcode → when a drive used it last. */
  readonly #touched = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #evicting: Promise<void> | undefined;
  #refusing = false;

  constructor({ media, directory, budgetBytes, logger }: CacheKeeperOptions) {
    this.budgetBytes = budgetBytes;
    this.#media = media;
    this.#directory = directory;
    this.#logger = logger;
    this.#timer = setInterval(() => void this.look(), lookMs);
  }

  /** Sees how full the cache is, and gives up what is too much; resolves when that is done. */
  async look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) =>
        this.#logger.error(
          { event: "cache.look-failed", error: String(error) },
          "cannot look after the cache; trying again",
        ),
      )
      .finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  /** Bytes on this disk that have no receipt: they must stay. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Bytes on this disk that the store has too: they may go. */
  get cleanBytes(): number {
    return this.#cleanBytes;
  }

  /** Room for a write of `bytes`: at once, after a delay, or not (false). */
  admit(bytes: number): boolean | Promise<boolean> {
    if (this.#overBy(bytes, 1) <= 0 || this.#cleanBytes === 0) return this.#take(bytes);
    return this.#evictOnce(bytes).then(() => this.#take(bytes));
  }

  /** Room for a segment that comes back; waits for evictions, never refuses. */
  async makeRoom(bytes: number): Promise<void> {
    if (this.#overBy(bytes, 1) > 0 && this.#cleanBytes > 0) await this.#evictOnce(bytes);
    this.#cleanBytes += bytes;
    this.#diskFreeBytes -= bytes;
  }

  /** A drive uses the volume: its segments are given up last. */
  touch(barcode: string): void {
    this.#touched.set(barcode, performance.now());
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#evicting;
  }

  async #look(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#directory);
    this.#diskFreeBytes = bavail * bsize;
    this.#measure();
    if (this.#overBy(0, 1) > 0 && this.#cleanBytes > 0) await this.#evictOnce(0);
  }

  #measure(): void {
    this.#pendingBytes = 0;
    this.#cleanBytes = 0;
    for (const volume of this.#media.volumes()) {
      const { diskPendingBytes, diskCleanBytes } = volume.describe();
      this.#pendingBytes += diskPendingBytes;
      this.#cleanBytes += diskCleanBytes;
    }
  }

  /** How many bytes must go before `bytes` more fit into a part of the budget and onto the disk; below 0: none. */
  #overBy(bytes: number, partOfBudget: number): number {
    const byBudget =
      this.#pendingBytes + this.#cleanBytes + bytes - this.budgetBytes * partOfBudget;
    return Math.max(byBudget, diskFreeBytesMin + bytes - this.#diskFreeBytes);
  }

  #take(bytes: number): boolean | Promise<boolean> {
    const figures = {
      bytesMax: this.budgetBytes,
      pendingBytes: this.#pendingBytes,
      cleanBytes: this.#cleanBytes,
    };
    const decision = admission(figures, bytes);
    const diskFull = this.#diskFreeBytes - bytes < diskFreeBytesMin;
    this.#complain(decision.kind === "refused" || diskFull);
    if (decision.kind === "refused" || diskFull) return false;
    this.#pendingBytes += bytes;
    this.#diskFreeBytes -= bytes;
    if (decision.delayMs === 0) return true;
    return new Promise((resolve) => setTimeout(resolve, decision.delayMs, true));
  }

  /** One line when writes begin to be refused, one when they are taken again. */
  #complain(refused: boolean): void {
    if (refused === this.#refusing) return;
    this.#refusing = refused;
    const { budgetBytes } = this;
    const pendingBytes = this.#pendingBytes;
    const diskFreeBytes = this.#diskFreeBytes;
    if (refused)
      this.#logger.warn(
        { event: "cache.full", pendingBytes, budgetBytes, diskFreeBytes },
        "the cache is full of data that could not leave: writes are answered BUSY until the store takes some",
      );
    else
      this.#logger.info(
        { event: "cache.relieved", pendingBytes, budgetBytes },
        "the cache takes writes again",
      );
  }

  #evictOnce(bytes: number): Promise<void> {
    return (this.#evicting ??= this.#evict(bytes).finally(() => (this.#evicting = undefined)));
  }

  async #evict(bytes: number): Promise<void> {
    await evict({
      volumes: this.#media.volumes(),
      usedMs: (barcode) => this.#touched.get(barcode) ?? 0,
      excessBytes: this.#overBy(bytes, evictTo),
      freed: (freedBytes) => (this.#diskFreeBytes += freedBytes),
      failed: (path, error) =>
        this.#logger.error(
          { event: "cache.evict-failed", path, error: String(error) },
          "the disk does not give a file of the cache up; it stays, and others are tried",
        ),
    });
    this.#measure();
  }
}
