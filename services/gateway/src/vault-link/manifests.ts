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
import type { Media } from "../media/media.ts";
import { composeManifest, saySame } from "./compose-manifest.ts";
import { ManifestFiles } from "./manifest-files.ts";
import type { StoredManifest } from "./manifest-files.ts";

const publishWhilePendingMs = 30_000;
const offerAgainMs = 20_000;
const lookMs = 1000;

export interface Manifests {
  /** Something of the volume changed that its manifest must say. */
  changed(barcode: string): void;
  close(): Promise<void>;
}

export interface ManifestsOptions {
  readonly gateway: string;
  readonly library: string;
  readonly media: Media;
  readonly mediaDirectory: string;
  readonly queue: JobQueue;
  readonly events: JobEvents;
  readonly logger: Logger;
  emit(body: EventBody): void;
  now(): Date;
}

const idForm = /^(?<barcode>[^/]+)\/g(?<generation>\d+)\/(?<sequence>\d+)$/;

export function createManifests(options: ManifestsOptions): Manifests {
  const { gateway, library, media, queue, logger } = options;
  const files = new ManifestFiles(options.mediaDirectory);
  /** Barcode → since when its manifest is out of date. */
  const due = new Map<string, number>();
  let running: Promise<void> | undefined;
  let closed = false;

  const told = async (
    barcode: string,
    generation: number,
    sequence: number,
    key: string,
  ): Promise<void> => {
    await files.markPublished(barcode, generation, sequence);
    const newest = await files.newest(barcode, generation);
    if (newest?.sequence !== sequence) return;
    const { complete } = newest.manifest;
    options.emit({
      type: "manifest.published",
      library,
      barcode,
      generation,
      sequence,
      key,
      complete,
    });
  };

  const offer = async ({ path, bytes, sequence, manifest }: StoredManifest): Promise<void> => {
    const { barcode, generation } = manifest;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const id = `${barcode}/g${generation}/${sequence}`;
    const answer = await queue.offer(publishManifest, id, {
      path,
      sha256,
      library,
      barcode,
      generation,
      sequence,
    });
    if (answer.state === "completed") await told(barcode, generation, sequence, answer.result.key);
    else due.set(barcode, performance.now() + offerAgainMs);
  };

  const publish = async (volume: Volume): Promise<void> => {
    const newest = await files.newest(volume.barcode, volume.generation);
    const sequence = (newest?.sequence ?? 0) + 1;
    const composed = await composeManifest(volume, {
      gateway,
      library,
      sequence,
      createdAt: options.now().toISOString(),
    });
    if (composed === undefined) return;
    if (newest === undefined || !saySame(newest.manifest, composed))
      await offer(await files.write(composed));
    else if (!newest.published) await offer(newest);
  };

  const look = async (): Promise<void> => {
    const nowMs = performance.now();
    for (const [barcode, sinceMs] of due) {
      if (closed) return;
      const volume = media.volume(barcode);
      const waits =
        nowMs < sinceMs ||
        ((volume?.describe().pendingBytes ?? 0) > 0 && nowMs - sinceMs < publishWhilePendingMs);
      if (waits) continue;
      due.delete(barcode);
      try {
        if (volume !== undefined) await publish(volume);
      } catch (error) {
        logger.warn(
          { event: "manifest.offer-failed", barcode, error: String(error) },
          "a manifest could not be offered; it waits",
        );
        due.set(barcode, nowMs);
      }
    }
  };

  options.events.onCompleted(publishManifest, (id, { key }) => {
    const groups = idForm.exec(id)?.groups;
    if (groups === undefined) return;
    const failed = (error: unknown) =>
      logger.error(
        { event: "manifest.mark-failed", id, error: String(error) },
        "a published manifest could not be marked so",
      );
    told(
      groups["barcode"] ?? "",
      Number(groups["generation"]),
      Number(groups["sequence"]),
      key,
    ).catch(failed);
  });
  options.events.onFailed(publishManifest, (id, reason) =>
    logger.error(
      { event: "manifest.failed", id, reason },
      "a manifest was not published; it will be offered again",
    ),
  );
  const timer = setInterval(() => {
    running ??= look().finally(() => (running = undefined));
  }, lookMs);

  return {
    changed(barcode) {
      // One that waits to be offered again is composed anew then; an older change is not forgotten for a newer one.
      const sinceMs = due.get(barcode) ?? Infinity;
      due.set(barcode, Math.min(sinceMs, performance.now()));
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
