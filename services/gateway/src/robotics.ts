/**
 * The moving part of one library: its cartridges, the robot and the devices. Opened in order: what a crash interrupted,
 * the first tapes, the drives loaded with what the library says lies in them.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { EventBody } from "@reelhouse/contracts";
import type { DevicePorts } from "@reelhouse/scsi";
import type { Logger } from "@reelhouse/service-kit";
import { deviceStoreFile, openDeviceStore } from "./devices/device-store.ts";
import { openDevices } from "./devices/devices.ts";
import type { Devices, Targets } from "./devices/devices.ts";
import type { CommandWatch } from "./devices/watch-commands.ts";
import type { InTurn } from "./in-turn.ts";
import { createCartridges } from "./library/cartridges.ts";
import type { Cartridges } from "./library/cartridges.ts";
import type { Library } from "./library/library.ts";
import type { LibraryOf } from "./library/library-of.ts";
import { cartridgeAt } from "./library/library-state.ts";
import { createRobot } from "./library/robot.ts";
import type { CacheKeeper } from "./media/cache-keeper.ts";
import type { Media } from "./media/media.ts";

export interface RoboticsOptions {
  readonly logger: Logger;
  readonly media: Media;
  readonly cache: Pick<CacheKeeper, "touch">;
  readonly watch: CommandWatch;
  readonly targets: Targets;
  readonly stateDirectory: string;
  readonly libraryOf: LibraryOf;
  /** Cartridges of all libraries are made and removed one after the other: their volumes share a folder. */
  readonly cartridgesInTurn: InTurn;
  readonly libraryTapeBytes: number;
  /** Of the portals: each group is a target port of every device. */
  readonly portalGroupTags: readonly number[];
  readonly emit: (body: EventBody) => void;
  readonly now: () => Date;
}

export interface Robotics {
  readonly library: Library;
  readonly cartridges: Cartridges;
  readonly devices: Devices;
  /** What a device kept over restarts goes with it. */
  readonly forgetDevice: (serialNumber: string) => Promise<void>;
}

export async function openRobotics(
  library: Library,
  isFirst: boolean,
  options: RoboticsOptions,
): Promise<Robotics> {
  const { logger, media, cache, emit, libraryOf } = options;
  const storeDirectory = path.join(options.stateDirectory, "devices");
  let opened: Devices | undefined;
  const cartridges = createCartridges({
    library,
    media,
    emit,
    isOurs: (barcode) => libraryOf(barcode) === library.state.library,
    inTurn: options.cartridgesInTurn,
    changer: () => opened?.changer,
  });
  for (const done of await cartridges.repair())
    logger.warn({ event: "library.repaired", done }, done);
  await cartridges.makeFirst(options.libraryTapeBytes);

  const devices: Devices = await openDevices({
    ...options,
    state: library.state,
    isFirst,
    openPorts: (serialNumber) => openPorts(storeDirectory, serialNumber, options),
    robotOf: (drives) =>
      createRobot({
        library,
        drives,
        thread: (barcode) => {
          cache.touch(barcode);
          return media.thread(barcode);
        },
        released: async (barcode) => {
          const volume = media.volume(barcode);
          await volume?.seal();
          await volume?.rest();
          cache.touch(barcode);
        },
        movedBy: () => ({ cause: "initiator", initiatorName: devices.mover() }),
      }),
  });
  opened = devices;
  library.describe();
  await loadDrives(library, devices, media, logger);
  return {
    library,
    cartridges,
    devices,
    forgetDevice: (serialNumber) =>
      rm(deviceStoreFile(storeDirectory, serialNumber), { force: true }),
  };
}

const openPorts = async (
  directory: string,
  serialNumber: string,
  { now, logger }: Pick<RoboticsOptions, "now" | "logger">,
): Promise<DevicePorts> => ({
  nowMs: () => now().getTime(),
  store: await openDeviceStore(directory, serialNumber, (file, error) =>
    logger.error(
      { event: "device.keep-failed", file, error: String(error) },
      "what a device is to keep over a restart could not be written; the host is told",
    ),
  ),
  nextTurn: () => setImmediate(),
});

/** After a start each drive holds what the library says; a medium that cannot be read leaves its drive empty. */
async function loadDrives(
  { state }: Library,
  { drives }: Devices,
  media: Media,
  logger: Logger,
): Promise<void> {
  for (const [address, drive] of drives) {
    const cartridge = cartridgeAt(state, address);
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
