/** The gateway put together: media, library, devices and portal, and what links them to cache, vault and inventory. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { IscsiTarget } from "@reelhouse/iscsi";
import { formatAddress, listenFault } from "@reelhouse/service-kit";
import type { ListenAddress, Logger, Metrics } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import { leaveCleanMark, takeCleanMark } from "./clean-stop.ts";
import type { GatewayConfig } from "./config.ts";
import { describeEverything } from "./describe-again.ts";
import { createCommandWatch } from "./devices/command-metrics.ts";
import { portalGroupTag } from "./devices/devices.ts";
import type { Cartridges } from "./library/cartridges.ts";
import { openHouse } from "./house.ts";
import type { House } from "./house.ts";
import { deliverEvents } from "./inventory-link.ts";
import { openOutboxFile } from "./outbox-file.ts";
import { createOutbox } from "./outbox.ts";
import { createObserver } from "./portal/observer.ts";
import { drainMs, openPortal } from "./portal/portal.ts";
import type { Portal } from "./portal/portal.ts";
import { createSlabPool } from "./portal/slab-pool.ts";
import { watchGateway } from "./metrics.ts";
import { openVaultLink } from "./vault-link/vault-link.ts";

/** Commands a session may have outstanding: with 1 MiB of unsolicited data each, what its slabs can hold. */
const commandWindow = 16;

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly vault: Vault;
  readonly serviceToken: string;
}

export interface Gateway {
  readonly portalAddress: ListenAddress;
  readonly targetNames: readonly string[];
  readonly cartridges: Cartridges;
  readonly house: House;
  close(): Promise<void>;
}

const now = () => new Date();

/** Opens everything in order; what was opened when a later step fails is closed with the process. */
export async function openGateway({
  config,
  logger,
  metrics,
  vault,
  serviceToken,
}: GatewayOptions): Promise<Gateway> {
  const stateDirectory = path.join(config.dataDir, "gateway");
  const mediaDirectory = path.join(config.dataDir, "media");
  await mkdir(stateDirectory, { recursive: true });
  const stoppedClean = await takeCleanMark(stateDirectory);
  const { gatewayName: gateway, gatewayName: library } = config;
  const deliver = deliverEvents({ url: config.inventoryUrl, gateway, token: serviceToken });
  const opened = Promise.withResolvers<House>();
  const outbox = createOutbox({
    file: await openOutboxFile(path.join(stateDirectory, "outbox")),
    logger,
    deliver,
    now,
    // The inventory may ask for it before the house is open.
    describeAll: async () => {
      const { library: owner, media: all } = await opened.promise;
      await describeEverything(owner, all, outbox.emit);
    },
  });
  const { emit } = outbox;
  const slabs = createSlabPool();

  const house = await openHouse({
    ...{ config, logger, metrics, vault, emit, slabs, now, mediaDirectory, stateDirectory },
    watch: createCommandWatch(logger, metrics),
  });
  opened.resolve(house);
  const { media, devices } = house;
  const link = openVaultLink({
    gateway,
    library,
    queueUrl: config.queueUrl,
    media,
    mediaDirectory,
    vault,
    logger,
    emit,
    now,
  });
  house.listenTo({ sealed: link.look, changed: link.changed });
  if (!stoppedClean) await describeEverything(house.library, media, emit);
  for (const barcode of media.barcodes()) link.changed(barcode);

  const target = new IscsiTarget({
    portalGroupTag,
    targets: () =>
      [...devices.targets.keys()].map((name) => ({
        name,
        addresses: [formatAddress(portal.address)],
      })),
    scsiTarget: (name) => devices.targets.get(name),
    commandWindow: () => commandWindow,
    limits: { logoutTimeoutMs: drainMs },
    observer: createObserver(logger, metrics),
  });
  const portal: Portal = await openPortal({
    listen: config.iscsiListen,
    target,
    slabs,
    logger,
  }).catch((error: unknown) => {
    throw listenFault(error, "REELHOUSE_ISCSI_LISTEN", config.iscsiListen);
  });
  watchGateway(metrics, { house, outbox, portal, slabs });

  return {
    portalAddress: portal.address,
    targetNames: [...devices.targets.keys()],
    cartridges: house.cartridges,
    house,
    async close() {
      await portal.close();
      await house.close();
      await link.close();
      vault.close();
      await outbox.close();
      await leaveCleanMark(stateDirectory);
    },
  };
}
