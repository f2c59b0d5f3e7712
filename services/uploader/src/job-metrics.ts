/** What the uploader counts: jobs, bytes, seconds, errors by code, work under way. */
import type { Metrics } from "@reelhouse/service-kit";
import { failureCode } from "./job-outcome.ts";

export interface JobMetrics {
  /** Counts one run of a job. */
  watch<Result>(job: string, work: () => Promise<Result>): Promise<Result>;
  /** Counts an object that the store has confirmed. */
  shipped(job: string, sizes: { readonly plainBytes: number; readonly objectBytes: number }): void;
}

export const createJobMetrics = (metrics: Metrics): JobMetrics => {
  const labels = ["job"] as const;
  const objects = metrics.counter("upload_objects_total", "Objects the store confirmed.", labels);
  const plainBytes = metrics.counter(
    "upload_plain_bytes_total",
    "Bytes shipped, before compression and encryption.",
    labels,
  );
  const objectBytes = metrics.counter(
    "upload_object_bytes_total",
    "Bytes shipped, as the store has them.",
    labels,
  );
  const errors = metrics.counter("upload_errors_total", "Failed runs of jobs, by code.", [
    "job",
    "code",
  ]);
  const inFlight = metrics.gauge("upload_jobs_in_flight", "Jobs under way.", labels);
  const seconds = metrics.histogram(
    "upload_job_seconds",
    "Time of a run, failed ones included.",
    labels,
  );
  return {
    watch: async (job, work) => {
      const begun = performance.now();
      inFlight.inc({ job });
      try {
        return await work();
      } catch (error) {
        errors.inc({ job, code: failureCode(error) });
        throw error;
      } finally {
        inFlight.dec({ job });
        seconds.observe({ job }, (performance.now() - begun) / 1000);
      }
    },
    shipped: (job, sizes) => {
      objects.inc({ job });
      plainBytes.inc({ job }, sizes.plainBytes);
      objectBytes.inc({ job }, sizes.objectBytes);
    },
  };
};
