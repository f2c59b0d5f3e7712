/** Handler of contracts' publish-manifest. Idempotent: the same manifest again is answered as the first time. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { manifest, publishManifest, type PublishManifestPayload } from "@reelhouse/contracts";
import { jobHandler, PermanentJobError, type JobHandler } from "@reelhouse/service-kit";
import type { JobSurroundings } from "../job-surroundings.ts";
import { jobError } from "../job-outcome.ts";
import { resolveMediaFile } from "../media-file.ts";

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const named = ["library", "barcode", "generation", "sequence"] as const;

/** The file's manifest, proven to be the one that the job means. */
const readManifestFile = async (file: string, payload: PublishManifestPayload) => {
  const bytes = await readFile(file);
  if (createHash("sha256").update(bytes).digest("hex") !== payload.sha256) {
    throw new PermanentJobError("MANIFEST_MISMATCH", "the file has another SHA-256 than the job");
  }
  const read = manifest.safeParse(parse(bytes.toString("utf8")));
  if (!read.success) throw new PermanentJobError("MANIFEST_FORMAT", read.error.message, read.error);
  const other = named.find((field) => read.data[field] !== payload[field]);
  if (other !== undefined) {
    throw new PermanentJobError("MANIFEST_MISMATCH", `the file has another ${other} than the job`);
  }
  return { manifest: read.data, plainBytes: bytes.byteLength };
};

export const publishManifestHandler = ({
  vault,
  mediaDirectory,
  metrics,
  logger,
}: JobSurroundings): JobHandler =>
  jobHandler(publishManifest, (payload, { id, signal }) =>
    metrics.watch(publishManifest.name, async () => {
      try {
        const file = await resolveMediaFile(mediaDirectory, payload.path);
        const read = await readManifestFile(file, payload);
        const result = await vault.putManifest(read.manifest, { signal });
        // A manifest is stored as JSON in the clear beside its MAC: both sizes are the file's but for that.
        metrics.shipped(publishManifest.name, {
          plainBytes: read.plainBytes,
          objectBytes: read.plainBytes,
        });
        logger.info({ event: "manifest-published", manifest: id, key: result.key });
        return result;
      } catch (error) {
        throw jobError(error);
      }
    }),
  );
