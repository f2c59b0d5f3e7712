/**
 * Publishes a volume's manifest beside its segments: when nothing of the volume is pending any more, and while much is,
 * every half minute, so that a lost gateway costs little. What was offered and is not known to be published is offered
 * again: a queue that forgot costs time only.
 */
import { createHash } from "node:crypto";
import { publishManifest } from "@reelhouse/contracts";
import type { EventBody } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import type { JobEvents, JobQueue, Logger } from "@reelhouse/service-kit";
import type { LibraryOf } from "../library/library-of.ts";
import type { Media } from "../media/media.ts";
import { composeManifest, saySame } from "./compose-manifest.ts";
import { ManifestFiles } from "./manifest-files.ts";
import type { StoredManifest } from "./manifest-files.ts";
import { manifestJobId, parseManifestJobId } from "./manifest-names.ts";
import type { ManifestRef } from "./manifest-names.ts";

export const publishWhilePendingMs = 30_000;
export const offerAgainMs = 20_000;
export const lookMs = 1000;

export interface ManifestsOptions {
  readonly gateway: string;
  /** The name of the library that a volume belongs to. */
  readonly libraryOf: LibraryOf;
  readonly media: Pick<Media, "volume">;
  readonly mediaDirectory: string;
  readonly queue: Pick<JobQueue, "offer">;
  readonly events: Pick<JobEvents, "onCompleted" | "onFailed">;
  readonly logger: Logger;
  readonly emit: (body: EventBody) => void;
  readonly now: () => Date;
}

export class Manifests {
  readonly #options: ManifestsOptions;
  readonly #files: ManifestFiles;
  /** Barcode → since when its manifest is out of date, or when what was offered is to be offered again. */
  readonly #due = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #closed = false;
  #failing = false;

  constructor(options: ManifestsOptions) {
    this.#options = options;
    this.#files = new ManifestFiles(options.mediaDirectory);
    options.events.onCompleted(publishManifest, (id, { key }) => this.#completed(id, key));
    options.events.onFailed(publishManifest, (id, reason) =>
      options.logger.error(
        { event: "manifest.failed", id, reason },
        "a manifest was not published; it will be offered again",
      ),
    );
    this.#timer = setInterval(() => void this.look(), lookMs);
  }

  /** Offers the manifests that are due; resolves when that is done. */
  async look(): Promise<void> {
    this.#running ??= this.#look().finally(() => (this.#running = undefined));
    await this.#running;
  }

  /** Something of the volume changed that its manifest must say. */
  changed(barcode: string): void {
    // One that waits to be offered again is composed anew then; an older change is not forgotten for a newer one.
    const sinceMs = this.#due.get(barcode) ?? Infinity;
    this.#due.set(barcode, Math.min(sinceMs, performance.now()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    const { media, logger } = this.#options;
    const nowMs = performance.now();
    for (const [barcode, sinceMs] of this.#due) {
      if (this.#closed) return;
      const volume = media.volume(barcode);
      const pending = (volume?.describe().pendingBytes ?? 0) > 0;
      if (nowMs < sinceMs || (pending && nowMs - sinceMs < publishWhilePendingMs)) continue;
      this.#due.delete(barcode);
      try {
        if (volume !== undefined) await this.#publish(volume);
        this.#failing = false;
      } catch (error) {
        // Said once: a queue that is away may stay so for hours. The others wait with this one.
        const line = { event: "manifest.offer-failed", barcode, error: String(error) };
        if (!this.#failing) logger.warn(line, "a manifest could not be offered; it waits");
        this.#failing = true;
        this.#due.set(barcode, nowMs);
        return;
      }
    }
  }

  /** Offers a manifest of the volume as it is, unless the newest one says that already and is in the store. */
  async #publish(volume: Volume): Promise<void> {
    const { gateway, libraryOf, now } = this.#options;
    const newest = await this.#files.newest(volume.barcode, volume.generation);
    const composed = await composeManifest(volume, {
      gateway,
      library: libraryOf(volume.barcode),
      sequence: (newest?.sequence ?? 0) + 1,
      createdAt: now().toISOString(),
    });
    if (composed === undefined) return;
    if (newest === undefined || !saySame(newest.manifest, composed))
      await this.#offer(await this.#files.write(composed));
    else if (!newest.published) await this.#offer(newest);
  }

  async #offer({ path, bytes, sequence, manifest }: StoredManifest): Promise<void> {
    const { libraryOf, queue } = this.#options;
    const { barcode, generation } = manifest;
    const ref: ManifestRef = { library: libraryOf(barcode), barcode, generation, sequence };
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const payload = { path, sha256, ...ref };
    const answer = await queue.offer(publishManifest, manifestJobId(ref), payload);
    if (answer.state === "completed") await this.#published(ref, answer.result.key);
    else this.#due.set(barcode, performance.now() + offerAgainMs);
  }

  async #published(ref: ManifestRef, key: string): Promise<void> {
    const { barcode, generation, sequence } = ref;
    await this.#files.markPublished(barcode, generation, sequence);
    const newest = await this.#files.newest(barcode, generation);
    if (newest?.sequence !== sequence) return;
    const { complete } = newest.manifest;
    this.#options.emit({ type: "manifest.published", ...ref, key, complete });
  }

  #completed(id: string, key: string): void {
    const ref = parseManifestJobId(id);
    if (ref === undefined || ref.library !== this.#options.libraryOf(ref.barcode)) return;
    this.#published(ref, key).catch((error: unknown) =>
      this.#options.logger.error(
        { event: "manifest.mark-failed", id, error: String(error) },
        "a published manifest could not be marked so",
      ),
    );
  }
}
