/** Handler of contracts' upload-segment. Idempotent: the vault proves an object that is there already. */
import { segmentId, uploadSegment } from "@reelhouse/contracts";
import { jobHandler, PermanentJobError, type JobHandler } from "@reelhouse/service-kit";
import type { JobSurroundings } from "../job-surroundings.ts";
import { jobError } from "../job-outcome.ts";
import { resolveMediaFile } from "../media-file.ts";

export const uploadSegmentHandler = ({
  vault,
  mediaDirectory,
  metrics,
  logger,
}: JobSurroundings): JobHandler =>
  jobHandler(uploadSegment, (payload, { id, signal }) =>
    metrics.watch(uploadSegment.name, async () => {
      // The id is what deduplicates: under another one the same segment could be in work twice.
      if (id !== segmentId(payload.segment)) {
        throw new PermanentJobError(
          "INVALID_PAYLOAD",
          `job ${id} is for ${segmentId(payload.segment)}`,
        );
      }
      try {
        const path = await resolveMediaFile(mediaDirectory, payload.path);
        const receipt = await vault.putSegment({ ...payload, path }, { signal });
        const { objectBytes, segmentBytes, storageClass } = receipt;
        metrics.shipped(uploadSegment.name, { plainBytes: segmentBytes, objectBytes });
        logger.info({
          event: "segment-uploaded",
          segmentId: id,
          segmentBytes,
          objectBytes,
          storageClass,
        });
        return { receipt };
      } catch (error) {
        throw jobError(error);
      }
    }),
  );
