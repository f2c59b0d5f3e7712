/** Gauges that are read when Prometheus asks. Base units; what is counted as it happens is counted where it happens. */
import type { Metrics } from "@reelhouse/service-kit";
import type { Stalls } from "./devices/stalls.ts";
import type { House } from "./house.ts";
import type { Outbox } from "./inventory-link/outbox.ts";
import { cartridgeAt } from "./library/library-state.ts";
import type { Portals } from "./portal/portal.ts";
import type { SlabPool } from "./portal/slab-pool.ts";

export interface Watched {
  readonly house: House;
  readonly outbox: Outbox;
  readonly portals: Portals;
  readonly slabs: SlabPool;
  readonly stalls: Stalls;
}

interface HouseInSight {
  readonly robotics: House["robotics"];
  readonly recalls: Pick<House["recalls"], "isRunning">;
}

/** A drive that is served from the disk answers far sooner. */
const waitMsMin = 100;

/** Drives that owe an answer while a segment of the cartridge in them comes back. */
export const waitingHosts = (
  { robotics, recalls }: HouseInSight,
  stalls: Pick<Stalls, "stalledMs">,
): number =>
  [...robotics.values()].flatMap(({ library, devices }) =>
    [...devices.drives.keys()].filter((address) => {
      const barcode = cartridgeAt(library.state, address)?.barcode;
      if (barcode === undefined || !recalls.isRunning(barcode)) return false;
      return stalls.stalledMs(devices.driveName(address)) > waitMsMin;
    }),
  ).length;

export function watchGateway(metrics: Metrics, watched: Watched): void {
  const { house, outbox, portals, slabs, stalls } = watched;
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
  gauge("iscsi_connections", "Open iSCSI connections.", () => portals.connectionCount);
  gauge(
    "iscsi_half_open_connections",
    "Connections of these whose login is not complete.",
    () => portals.halfOpenCount,
  );
  gauge("slabs_held", "Buffers of 1 MiB in use on the data path.", () => slabs.heldCount);
  gauge(
    "recalls_running",
    "Segments on their way back from the store.",
    () => house.recalls.runningCount,
  );
  gauge("recall_waiting_hosts", "Drives whose host waits for a segment to come back.", () =>
    waitingHosts(house, stalls),
  );
  gauge("volumes", "Volumes of this gateway.", () => house.media.barcodes().length);
}
