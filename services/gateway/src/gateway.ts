/** The gateway put together: media, library, devices and portal, and what links them to cache, vault and inventory. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { ListenAddress, Logger, Metrics } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import { leaveCleanMark, takeCleanMark } from "./clean-stop.ts";
import type { GatewayConfig } from "./config.ts";
import { createCommandWatch } from "./devices/command-metrics.ts";
import { createStalls } from "./devices/stalls.ts";
import { openHouse } from "./house.ts";
import type { House } from "./house.ts";
import { deliverEvents } from "./inventory-link/deliver-events.ts";
import { describeEverything } from "./inventory-link/describe-again.ts";
import { createInTurn } from "./in-turn.ts";
import { OutboxFile } from "./inventory-link/outbox-file.ts";
import { Outbox } from "./inventory-link/outbox.ts";
import type { HouseCartridges } from "./library/house-cartridges.ts";
import type { Floor } from "./operations/operations.ts";
import { watchGateway } from "./metrics.ts";
import { openFrontEnd } from "./front-end.ts";
import type { FrontEnd } from "./front-end.ts";
import { fitToDescriptors, readDescriptorsMax } from "./portal/descriptors.ts";
import { defaultPortalLimits } from "./portal/portal-limits.ts";
import type { PortalLimits } from "./portal/portal-limits.ts";
import { createSlabPool } from "./portal/slab-pool.ts";
import { watchBacklog } from "./vault-link/backlog.ts";
import { openVaultLink } from "./vault-link/vault-link.ts";

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly vault: Vault;
  readonly serviceToken: string;
  /** Left out: the defaults, each with its reason. */
  readonly limits?: Partial<PortalLimits>;
}

export interface Gateway {
  /** Of the first portal. */
  readonly portalAddress: ListenAddress;
  readonly targetNames: readonly string[];
  readonly frontEnd: FrontEnd;
  readonly cartridges: HouseCartridges;
  /** Where operators change the libraries. */
  readonly floor: Floor;
  readonly house: House;
  close(): Promise<void>;
}

const now = () => new Date();

/** Opens everything in order; what was opened when a later step fails is closed with the process. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, logger, metrics, vault } = options;
  const stateDirectory = path.join(config.dataDir, "gateway");
  const mediaDirectory = path.join(config.dataDir, "media");
  await mkdir(stateDirectory, { recursive: true });
  const stoppedClean = await takeCleanMark(stateDirectory);

  // The inventory may ask for everything again before the house is open.
  const opened = Promise.withResolvers<House>();
  const outbox = await openOutbox(options, stateDirectory, opened.promise);
  const emit: Outbox["emit"] = (body) => outbox.emit(body);
  const wanted = { ...defaultPortalLimits, ...options.limits };
  const limits = fitToDescriptors(wanted, await readDescriptorsMax(), logger);
  const slabs = createSlabPool(limits.slabsMax);
  const stalls = createStalls(() => performance.now());
  const watch = createCommandWatch(logger, metrics, stalls);
  const owned = { config, logger, metrics, vault, slabs, watch, mediaDirectory, stateDirectory };
  const house = await openHouse({ ...owned, stoppedClean, emit, now });
  opened.resolve(house);

  const { media, libraries, targets } = house;
  const { queueUrl } = config;
  const names = { gateway: config.gatewayName, libraryOf: libraries.libraryOf };
  const linked = { queueUrl, media, mediaDirectory, vault, logger, metrics };
  const link = openVaultLink({ ...names, ...linked, emit, now });
  house.listenTo({ sealed: () => link.look(), changed: (barcode) => link.changed(barcode) });
  if (!stoppedClean) await describeEverything(libraries, media, emit);
  for (const barcode of media.barcodes()) link.changed(barcode);

  const shared = { config, logger, metrics, slabs, limits, stateDirectory, now };
  const frontEnd = await openFrontEnd({ ...shared, targets });
  const { portals } = frontEnd;
  watchGateway(metrics, { house, outbox, portals, slabs, stalls });
  watchBacklog({ metrics, volumes: () => media.volumes(), mediaDirectory, now });

  return {
    portalAddress: portals.addresses[0] ?? config.iscsiListen[0],
    get targetNames() {
      return frontEnd.targetNames;
    },
    frontEnd,
    cartridges: house.cartridges,
    floor: {
      house,
      sessions: frontEnd.targetSessions,
      gatewayName: config.gatewayName,
      inTurn: createInTurn(),
    },
    house,
    async close() {
      await portals.close();
      const stored = await house.close();
      await link.close();
      vault.close();
      if ((await outbox.close()) && stored) await leaveCleanMark(stateDirectory);
    },
  };
}

/** The events on their way to the inventory; `house` is what is described to it when it asks for everything again. */
async function openOutbox(
  { config, logger, serviceToken }: GatewayOptions,
  stateDirectory: string,
  house: Promise<House>,
): Promise<Outbox> {
  const outbox: Outbox = new Outbox({
    file: await OutboxFile.open(path.join(stateDirectory, "outbox")),
    logger,
    deliver: deliverEvents({
      url: config.inventoryUrl,
      gateway: config.gatewayName,
      token: serviceToken,
    }),
    now,
    describeAll: async () => {
      const { libraries, media } = await house;
      await describeEverything(libraries, media, (body) => outbox.emit(body));
    },
  });
  return outbox;
}
