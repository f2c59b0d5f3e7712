/**
 * The libraries with their media and devices: all that a host can see, without the network and without the vault's queue.
 * Opened in order: the libraries' files, media (repaired), the cache's keeper, the robotics, the upkeep of the volumes.
 */
import type { EventBody } from "@reelhouse/contracts";
import type { Logger, Metrics, PortalAddress } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import { openAllRobotics } from "./all-robotics.ts";
import type { AllRobotics } from "./all-robotics.ts";
import type { GatewayConfig } from "./config.ts";
import type { CommandWatch } from "./devices/watch-commands.ts";
import { createHouseCartridges } from "./library/house-cartridges.ts";
import type { HouseCartridges } from "./library/house-cartridges.ts";
import { openLibraries } from "./library/libraries.ts";
import type { Libraries } from "./library/libraries.ts";
import { cartridgeOf } from "./library/library-state.ts";
import { firstLibrary } from "./library/first-library.ts";
import { defaultBudgetBytes } from "./media/cache-budget.ts";
import { CacheKeeper } from "./media/cache-keeper.ts";
import { openMedia } from "./media/media.ts";
import { tellDamage, tellRepairs } from "./media/tell-repairs.ts";
import type { Media } from "./media/media.ts";
import { createUpkeep } from "./media/upkeep.ts";
import type { VolumeListeners } from "./media/volume-events.ts";
import { createVolumePorts } from "./media/volume-ports.ts";
import type { SlabPool } from "./portal/slab-pool.ts";
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
  /** The last run ended in order. */
  readonly stoppedClean: boolean;
  readonly emit: (body: EventBody) => void;
  readonly now: () => Date;
}

export interface House extends AllRobotics {
  readonly libraries: Libraries;
  readonly cartridges: HouseCartridges;
  readonly media: Media;
  readonly cache: CacheKeeper;
  readonly recalls: Pick<Recall, "isRunning" | "runningCount">;
  /** Who hears of new segments and changed volumes; before, nobody does. */
  listenTo(listeners: Pick<VolumeListeners, "sealed" | "changed">): void;
  /** Answers whether all that hosts were told is buffered is on stable storage. */
  close(): Promise<boolean>;
}

/** In ascending order, each once. */
const portalGroupTags = (portals: readonly PortalAddress[]): readonly number[] =>
  [...new Set(portals.map((portal) => portal.portalGroupTag))].toSorted(
    (one, other) => one - other,
  );

export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, logger, metrics, vault, slabs, emit, now, mediaDirectory } = options;
  const libraries = await openLibraries({
    directory: options.stateDirectory,
    initial: () => firstLibrary(config),
    emit,
  });
  const { libraryOf } = libraries;
  let listeners: Pick<VolumeListeners, "sealed" | "changed"> | undefined;
  const recall = createRecall({
    libraryOf,
    mediaDirectory,
    vault,
    logger,
    metrics,
    makeRoom: (bytes) => cache.makeRoom(bytes),
  });
  const media: Media = await openMedia({
    directory: mediaDirectory,
    segmentBytesMax: config.segmentBytesMax,
    isSettled: options.stoppedClean,
    ports: createVolumePorts({
      libraryOf,
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
  const ofConfig = {
    libraryTapeBytes: config.libraryTapeBytes,
    portalGroupTags: portalGroupTags(config.iscsiListen),
  };
  const all = await openAllRobotics(libraries, { ...options, ...ofConfig, media, cache });
  const upkeep = createUpkeep({
    libraryOf,
    media,
    logger,
    emit,
    writeFailed: (barcode, reason) =>
      tellWriteFailed(all.robotics.get(libraryOf(barcode)), logger, barcode, reason),
  });

  return {
    ...all,
    libraries,
    cartridges: createHouseCartridges(libraries, all.robotics),
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
      return media.close();
    },
  };
}

/** Data a host was told is buffered could not be stored: the drive that holds the volume says so with its next answer. */
function tellWriteFailed(
  robotics: Robotics | undefined,
  logger: Logger,
  barcode: string,
  reason: string,
): void {
  logger.error(
    { event: "media.write-failed", barcode, reason },
    "buffered data could not be stored; the host is told",
  );
  const address = robotics && cartridgeOf(robotics.library.state, barcode)?.address;
  if (address !== undefined) robotics?.devices.drives.get(address)?.deferWriteError();
}
