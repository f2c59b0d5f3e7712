/**
 * The moving part of the house: the library, its cartridges, the robot and the devices. Opened in order: the library's
 * state, what a crash interrupted, the first tapes, the drives loaded with what the library says lies in them.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { EventBody } from "@reelhouse/contracts";
import type { DevicePorts, TapeDrive } from "@reelhouse/scsi";
import type { Logger } from "@reelhouse/service-kit";
import type { GatewayConfig } from "./config.ts";
import { createDevices, createDrives } from "./devices/devices.ts";
import type { Devices, PortsOf } from "./devices/devices.ts";
import { openDeviceStore } from "./devices/device-store.ts";
import type { CommandWatch } from "./devices/watch-commands.ts";
import { createCartridges } from "./library/cartridges.ts";
import type { Cartridges } from "./library/cartridges.ts";
import { openLibrary } from "./library/library.ts";
import type { Library } from "./library/library.ts";
import { cartridgeAt } from "./library/library-state.ts";
import type { LibraryState } from "./library/library-state.ts";
import { newLibrary } from "./library/new-library.ts";
import { createRobot } from "./library/robot.ts";
import type { CacheKeeper } from "./media/cache-keeper.ts";
import { firstBarcodes } from "./media/first-tapes.ts";
import type { Media } from "./media/media.ts";

export interface RoboticsOptions {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly media: Media;
  readonly cache: Pick<CacheKeeper, "touch">;
  readonly watch: CommandWatch;
  readonly stateDirectory: string;
  readonly emit: (body: EventBody) => void;
  readonly now: () => Date;
}

export interface Robotics {
  readonly library: Library;
  readonly cartridges: Cartridges;
  readonly devices: Devices;
}

const libraryOf = (config: GatewayConfig): LibraryState =>
  newLibrary({
    gatewayName: config.gatewayName,
    driveCount: config.libraryDrives,
    storageCount: config.librarySlots,
    importExportCount: config.libraryImportExportSlots,
    drive: config.driveModel,
    changer: config.changerModel,
    firstTapes: firstBarcodes(config.libraryTapes, config.driveModel),
  });

export async function openRobotics(options: RoboticsOptions): Promise<Robotics> {
  const { config, logger, media, cache, watch, emit } = options;
  const library = await openLibrary({
    file: path.join(options.stateDirectory, "library.json"),
    initial: () => libraryOf(config),
    emit,
  });
  const cartridges = createCartridges({ library, media, emit });
  for (const done of await cartridges.repair())
    logger.warn({ event: "library.repaired", done }, done);
  await cartridges.makeFirst(config.libraryTapeBytes);

  const portsOf = await openDevicePorts(library.state, options);
  const drives = createDrives(library.state, portsOf);
  const robot = createRobot({
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
  });
  const devices: Devices = createDevices(library.state, drives, robot, watch, portsOf);
  library.describe();
  await loadDrives(library.state, drives, media, logger);
  return { library, cartridges, devices };
}

/** The clock and the store of each device, opened before any device is made. */
async function openDevicePorts(
  { changer, drives }: LibraryState,
  { stateDirectory, now, logger }: Pick<RoboticsOptions, "stateDirectory" | "now" | "logger">,
): Promise<PortsOf> {
  const directory = path.join(stateDirectory, "devices");
  const ports = new Map<string, DevicePorts>();
  for (const { serialNumber } of [changer, ...drives]) {
    const store = await openDeviceStore(directory, serialNumber, (file, error) =>
      logger.error(
        { event: "device.keep-failed", file, error: String(error) },
        "what a device is to keep over a restart could not be written; the host is told",
      ),
    );
    ports.set(serialNumber, {
      nowMs: () => now().getTime(),
      store,
      nextTurn: () => setImmediate(),
    });
  }
  return (serialNumber) => {
    const opened = ports.get(serialNumber);
    assert(opened !== undefined, `no ports were opened for device ${serialNumber}`);
    return opened;
  };
}

/** After a start each drive holds what the library says; a medium that cannot be read leaves its drive empty. */
async function loadDrives(
  state: LibraryState,
  drives: ReadonlyMap<number, TapeDrive>,
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
