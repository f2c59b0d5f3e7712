/**
 * The library with its media and devices: all that a host can see, without the network and without the vault's queue.
 * Opened in order: media (repaired), the cache's keeper, the robotics, the upkeep of the volumes.
 */
import type { EventBody } from "@reelhouse/contracts";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import type { GatewayConfig } from "./config.ts";
import type { CommandWatch } from "./devices/watch-commands.ts";
import { cartridgeOf } from "./library/library-state.ts";
import { defaultBudgetBytes } from "./media/cache-budget.ts";
import { CacheKeeper } from "./media/cache-keeper.ts";
import { openMedia } from "./media/media.ts";
import { tellDamage, tellRepairs } from "./media/tell-repairs.ts";
import type { Media } from "./media/media.ts";
import { createUpkeep } from "./media/upkeep.ts";
import type { VolumeListeners } from "./media/volume-events.ts";
import { createVolumePorts } from "./media/volume-ports.ts";
import type { SlabPool } from "./portal/slab-pool.ts";
import { openRobotics } from "./robotics.ts";
import type { Robotics } from "./robotics.ts";
import { createRecall } from "./vault-link/recall.ts";
import type { Recall } from "./vault-link/recall.ts";

export interface HouseOptions {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly vault: Pick<Vault, "getSegment">;
  readonly slabs: SlabPool;
  readonly watch: CommandWatch;
  readonly mediaDirectory: string;
  readonly stateDirectory: string;
  readonly emit: (body: EventBody) => void;
  readonly now: () => Date;
}

export interface House extends Robotics {
  readonly media: Media;
  readonly cache: CacheKeeper;
  readonly recalls: Pick<Recall, "isRunning" | "runningCount">;
  /** Who hears of new segments and changed volumes; before, nobody does. */
  listenTo(listeners: Pick<VolumeListeners, "sealed" | "changed">): void;
  close(): Promise<void>;
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, logger, metrics, vault, slabs, emit, now, mediaDirectory } = options;
  const library = config.gatewayName;
  let listeners: Pick<VolumeListeners, "sealed" | "changed"> | undefined;
  const recall = createRecall({
    library,
    mediaDirectory,
    vault,
    logger,
    metrics,
    makeRoom: (bytes) => cache.makeRoom(bytes),
  });
  const media: Media = await openMedia({
    directory: mediaDirectory,
    segmentBytesMax: config.segmentBytesMax,
    ports: createVolumePorts({
      library,
      slabs,
      recall,
      listeners: {
        emit,
        sealed: () => listeners?.sealed(),
        changed: (barcode) => listeners?.changed(barcode),
      },
      cache: () => cache,
      volume: (barcode) => media.volume(barcode),
    }),
    repaired: (barcode, report) => tellRepairs(logger, barcode, report),
    damaged: (barcode, error) => tellDamage(logger, barcode, error),
    now,
  });
  const budgetBytes = config.cacheBytesMax ?? (await defaultBudgetBytes(mediaDirectory, media));
  const cache = new CacheKeeper({ media, directory: mediaDirectory, budgetBytes, logger });
  const robotics = await openRobotics({ ...options, media, cache });
  const upkeep = createUpkeep({
    library,
    media,
    logger,
    emit,
    writeFailed: (barcode, reason) => tellWriteFailed(robotics, logger, barcode, reason),
  });

  return {
    ...robotics,
    media,
    cache,
    recalls: recall,
    listenTo(to) {
      listeners = to;
    },
    async close() {
      recall.close();
      await upkeep.close();
      await cache.close();
      await media.close();
    },
  };
}

/** Data a host was told is buffered could not be stored: the drive that holds the volume says so with its next answer. */
function tellWriteFailed(
  { library, devices }: Robotics,
  logger: Logger,
  barcode: string,
  reason: string,
): void {
  logger.error(
    { event: "media.write-failed", barcode, reason },
    "buffered data could not be stored; the host is told",
  );
  const address = cartridgeOf(library.state, barcode)?.address;
  if (address !== undefined) devices.drives.get(address)?.deferWriteError();
}
