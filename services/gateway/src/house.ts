/**
 * The library with its media and devices: all that a host can see, without the network and without the vault's queue.
 * Opened in order: media (repaired), library, drives loaded with what the library says lies in them.
 */
import path from "node:path";
import type { EventBody } from "@reelhouse/contracts";
import type { VolumePorts } from "@reelhouse/medium";
import type { Robot } from "@reelhouse/scsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import type { GatewayConfig } from "./config.ts";
import { createDevices, createDrives } from "./devices/devices.ts";
import type { Devices } from "./devices/devices.ts";
import type { CommandWatch } from "./devices/watch-commands.ts";
import { createCartridges } from "./library/cartridges.ts";
import type { Cartridges } from "./library/cartridges.ts";
import { openLibrary } from "./library/library.ts";
import type { Library } from "./library/library.ts";
import { cartridgeAt, cartridgeOf } from "./library/library-state.ts";
import { newLibrary } from "./library/new-library.ts";
import { createRobot } from "./library/robot.ts";
import { createCacheKeeper, defaultBudgetBytes } from "./media/cache-keeper.ts";
import type { CacheKeeper } from "./media/cache-keeper.ts";
import { firstBarcodes } from "./media/first-tapes.ts";
import { openMedia } from "./media/media.ts";
import type { Media } from "./media/media.ts";
import { createUpkeep } from "./media/upkeep.ts";
import { passOn } from "./media/volume-events.ts";
import type { VolumeListeners } from "./media/volume-events.ts";
import type { SlabPool } from "./portal/slab-pool.ts";
import { createRecall } from "./vault-link/recall.ts";

export interface HouseOptions {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly vault: Pick<Vault, "getSegment">;
  readonly slabs: SlabPool;
  readonly watch: CommandWatch;
  readonly mediaDirectory: string;
  readonly stateDirectory: string;
  emit(body: EventBody): void;
  now(): Date;
}

export interface House {
  readonly media: Media;
  readonly library: Library;
  readonly devices: Devices;
  readonly cartridges: Cartridges;
  readonly cache: CacheKeeper;
  /** Who hears of new segments and changed volumes; before, nobody does. */
  listenTo(listeners: Pick<VolumeListeners, "sealed" | "changed">): void;
  close(): Promise<void>;
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, logger, emit, now, mediaDirectory } = options;
  const library = config.gatewayName;
  const listeners: { -readonly [K in keyof VolumeListeners]: VolumeListeners[K] } = {
    emit,
    sealed: () => undefined,
    changed: () => undefined,
  };
  const recallSeconds = options.metrics.histogram(
    "recall_seconds",
    "Time to bring a segment back from the vault.",
  );
  const recalledBytes = options.metrics.counter(
    "recalled_bytes_total",
    "Bytes of segments brought back from the vault.",
  );
  const recall = createRecall({
    ...{ library, mediaDirectory, vault: options.vault, logger },
    makeRoom: (bytes) => cache.makeRoom(bytes),
    recalled: (seconds, bytes) => {
      recallSeconds.observe(seconds);
      recalledBytes.inc(bytes);
    },
  });

  const portsOf = (barcode: string): VolumePorts => {
    const fetchSegment: VolumePorts["recall"] = async (segment) => {
      const volume = media.volume(barcode);
      if (volume === undefined) throw new Error(`${barcode} is gone`);
      return recall.fetch(volume, segment);
    };
    return {
      admit: (bytes) => cache.admit(bytes),
      recall: fetchSegment,
      recallAhead: (segments) => {
        // A hint: when it fails, the reader asks again and hears why.
        for (const segment of segments) fetchSegment(segment).catch(() => undefined);
      },
      buffers: options.slabs,
      onEvent: (event) => passOn(library, barcode, event, listeners),
    };
  };
  const media = await openMedia({
    ...{ directory: mediaDirectory, segmentBytesMax: config.segmentBytesMax, ports: portsOf, now },
    repaired: (barcode, report) =>
      logger.debug({ event: "media.opened", barcode, report }, `opened ${barcode}`),
  });
  const budgetBytes =
    config.cacheBytesMax ?? (await defaultBudgetBytes(mediaDirectory, cachedBytes(media)));
  const cache = createCacheKeeper({ media, directory: mediaDirectory, budgetBytes, logger });

  const { robot, devices, owner, cartridges } = await openRobotics(options, media, cache);
  await loadDrives(owner, devices, media, logger);
  const upkeep = createUpkeep({
    ...{ library, media, logger, emit },
    writeFailed: (barcode, reason) => {
      logger.error(
        { event: "media.write-failed", barcode, reason },
        "buffered data could not be stored; the host is told",
      );
      const address = cartridgeOf(owner.state, barcode)?.address;
      if (address !== undefined) devices.drives.get(address)?.deferWriteError();
    },
  });

  return {
    ...{ media, library: owner, devices, cartridges, cache, robot },
    listenTo(to) {
      Object.assign(listeners, to);
    },
    async close() {
      await upkeep.close();
      await cache.close();
      await media.close();
    },
  };
}

const cachedBytes = (media: Media): number => {
  let bytes = 0;
  for (const volume of media.volumes()) {
    const { diskCleanBytes, diskPendingBytes } = volume.describe();
    bytes += diskCleanBytes + diskPendingBytes;
  }
  return bytes;
};

async function openRobotics(
  { config, emit, watch, stateDirectory, logger }: HouseOptions,
  media: Media,
  cache: CacheKeeper,
) {
  const owner = await openLibrary({
    file: path.join(stateDirectory, "library.json"),
    initial: () =>
      newLibrary({
        gatewayName: config.gatewayName,
        driveCount: config.libraryDrives,
        storageCount: config.librarySlots,
        importExportCount: config.libraryImportExportSlots,
        drive: config.driveModel,
        changer: config.changerModel,
        firstTapes: firstBarcodes(config.libraryTapes),
      }),
    emit,
  });
  const cartridges = createCartridges({ library: owner, media, emit });
  for (const done of await cartridges.repair())
    logger.warn({ event: "library.repaired", done }, done);
  await cartridges.makeFirst(config.libraryTapeBytes);
  const drives = createDrives(owner.state);
  const robot: Robot = createRobot({
    library: owner,
    drives,
    thread: async (barcode) => {
      const volume = media.volume(barcode);
      if (volume === undefined) throw new Error(`the volume ${barcode} has no files`);
      cache.touch(barcode);
      return volume;
    },
    released: async (barcode) => {
      await media.volume(barcode)?.seal();
      cache.touch(barcode);
    },
    movedBy: () => ({ cause: "initiator", initiatorName: devices.mover() }),
  });
  const devices: Devices = createDevices(owner.state, drives, robot, watch);
  owner.describe();
  return { owner, cartridges, robot, devices };
}

/** After a start each drive holds what the library says; a medium that cannot be read leaves its drive empty. */
async function loadDrives(
  library: Library,
  devices: Devices,
  media: Media,
  logger: Logger,
): Promise<void> {
  for (const [address, drive] of devices.drives) {
    const cartridge = cartridgeAt(library.state, address);
    const volume = cartridge && media.volume(cartridge.barcode);
    if (volume === undefined) continue;
    const loaded = await drive.load(volume);
    if (loaded.kind !== "loaded")
      logger.error(
        { event: "drive.load-failed", address, barcode: volume.barcode, loaded },
        "a drive could not load its cartridge",
      );
  }
}
