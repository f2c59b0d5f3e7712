/** The uploader without a process around it: vault, worker, ops server; started and stopped by main.ts and by tests. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { uploadSegment } from "@reelhouse/contracts";
import {
  connectQueue,
  createHealth,
  createHttpServer,
  createMetrics,
  createRemoteCallMetrics,
  formatAddress,
  listen,
  type Logger,
} from "@reelhouse/service-kit";
import { connectVault } from "@reelhouse/vault";
import type { UploaderConfig } from "./config.ts";
import { createJobMetrics } from "./job-metrics.ts";
import { publishManifestHandler } from "./jobs/publish-manifest.ts";
import { uploadSegmentHandler } from "./jobs/upload-segment.ts";

export interface Uploader {
  /** Resolves with the address of the ops server; the queue and the store may come later. */
  start(): Promise<{ readonly ops: string }>;
  /** Takes no more jobs, finishes or gives back those under way within `drainMs`. */
  stop(drainMs?: number): Promise<void>;
}

/** What a stop by signal leaves for jobs under way: a launcher kills after 2 s, a container after 10 s. */
const drainMsDefault = 1200;

export const createUploader = (config: UploaderConfig, logger: Logger): Uploader => {
  const mediaDirectory = path.resolve(config.dataDir, "media");
  const metrics = createMetrics("uploader");
  const health = createHealth();
  const vault = connectVault(config, createRemoteCallMetrics(logger, metrics));
  const queue = connectQueue(config.queueUrl, logger);
  const surroundings = { vault, mediaDirectory, metrics: createJobMetrics(metrics), logger };
  const handlers = [uploadSegmentHandler(surroundings), publishManifestHandler(surroundings)];
  let close: ((drainMs: number) => Promise<void>) | null = null;

  const start = async () => {
    const http = await createHttpServer({ logger, metrics, health, tokens: {} });
    const ops = formatAddress(
      await listen(http.app, config.uploaderOpsListen, "REELHOUSE_UPLOADER_OPS_LISTEN"),
    );
    const worker = queue.worker(uploadSegment.queue, handlers, {
      concurrency: config.uploaderConcurrency,
    });
    health.add("queue", () => {
      if (!worker.ready()) throw new Error("the queue is away");
    });
    health.add("media", () => access(mediaDirectory, constants.R_OK));
    close = async (drainMs) => {
      health.drain();
      await worker.close(drainMs);
      await http.app.close();
    };
    logger.info({ event: "listening", ops }, `health and metrics on ${ops}`);
    // Not waited for: a store that is away now may be there for the first job, and jobs say so themselves.
    vault.check().catch((error: unknown) => {
      logger.warn(
        { event: "vault-check-failed", err: error },
        error instanceof Error ? error.message : String(error),
      );
    });
    return { ops };
  };

  return {
    start,
    stop: async (drainMs = drainMsDefault) => {
      await close?.(drainMs);
      await queue.close();
      vault.close();
    },
  };
};
