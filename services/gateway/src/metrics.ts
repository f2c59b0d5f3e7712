/** Gauges that are read when Prometheus asks. Base units; what is counted as it happens is counted where it happens. */
import type { Metrics } from "@reelhouse/service-kit";
import type { House } from "./house.ts";
import type { Outbox } from "./inventory-link/outbox.ts";
import type { Portal } from "./portal/portal.ts";
import type { SlabPool } from "./portal/slab-pool.ts";

export interface Watched {
  readonly house: House;
  readonly outbox: Outbox;
  readonly portal: Portal;
  readonly slabs: SlabPool;
}

export function watchGateway(metrics: Metrics, { house, outbox, portal, slabs }: Watched): void {
  const gauge = (name: string, help: string, read: () => number) =>
    metrics.gauge(name, help, [], (self) => self.set(read()));
  gauge("cache_budget_bytes", "What the cache may take.", () => house.cache.budgetBytes);
  gauge(
    "cache_pending_bytes",
    "Bytes in the cache that the store has not confirmed: they must stay.",
    () => house.cache.pendingBytes,
  );
  gauge(
    "cache_clean_bytes",
    "Bytes in the cache that the store has too: they may go.",
    () => house.cache.cleanBytes,
  );
  gauge(
    "outbox_pending_events",
    "Events the inventory does not have yet.",
    () => outbox.pendingCount,
  );
  gauge("iscsi_connections", "Open iSCSI connections.", () => portal.connectionCount);
  gauge("slabs_held", "Buffers of 1 MiB in use on the data path.", () => slabs.heldCount);
  gauge("volumes", "Volumes of this gateway.", () => house.media.barcodes().length);
}
