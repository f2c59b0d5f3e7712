/** What every handler works with. */
import type { Logger } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import type { JobMetrics } from "./job-metrics.ts";

export interface JobSurroundings {
  readonly vault: Pick<Vault, "putSegment" | "putManifest">;
  readonly mediaDirectory: string;
  readonly metrics: JobMetrics;
  readonly logger: Logger;
}
