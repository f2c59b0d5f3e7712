/** The inventory service: config → catalogue → HTTP. It listens at once and lives through absences of its database. */
/* oxlint-disable node/no-process-env -- This is the one place where the service takes its settings. */
import {
  createHealth,
  createLifecycle,
  createLogger,
  createMetrics,
  ensureTokenFile,
  formatAddress,
  listen,
  loadConfig,
  logFatal,
  readTokenFile,
  reportReady,
  stopWhenParentDies,
} from "@reelhouse/service-kit";
import { createApp } from "./app.ts";
import { openCatalogue } from "./catalogue.ts";
import { inventoryConfig, type InventoryConfig } from "./config.ts";
import { createGatewayClient } from "./gateway-client.ts";

async function start(config: InventoryConfig): Promise<void> {
  const logger = createLogger("inventory", config.logLevel);
  const metrics = createMetrics("inventory");
  const health = createHealth();
  const lifecycle = createLifecycle({ logger });
  stopWhenParentDies(lifecycle);

  const tokens = {
    admin: await ensureTokenFile(config.adminTokenFile, "REELHOUSE_ADMIN_TOKEN_FILE"),
    service: await readTokenFile(config.serviceTokenFile, "REELHOUSE_SERVICE_TOKEN_FILE"),
  };
  const stopping = new AbortController();
  const gateway = createGatewayClient(config.gatewayControlUrl, tokens.service, {
    stop: stopping.signal,
  });
  const catalogue = openCatalogue(config.databaseUrl, logger);
  catalogue.migrated.catch((error: unknown) => {
    logFatal(logger, error, "migration-failed");
    process.exit(1);
  });
  const app = await createApp({ logger, metrics, health, tokens, catalogue, gateway });

  lifecycle.phase({ name: "catalogue", stop: () => catalogue.close() });
  lifecycle.phase({
    name: "http",
    start: async () => {
      const address = await listen(app, config.apiListen, "REELHOUSE_API_LISTEN");
      const api = formatAddress(address);
      logger.info({ event: "listening", api }, `the API listens on ${api}`);
      // Ready is who can be asked: a launcher waits for the tables, too.
      void catalogue.migrated.then((done) => done && reportReady({ api }));
    },
    stop: async () => {
      health.drain();
      stopping.abort();
      await app.close();
    },
  });

  await lifecycle.run();
}

try {
  await start(loadConfig(inventoryConfig, process.env));
} catch (error) {
  logFatal(createLogger("inventory"), error, "start-failed");
  process.exit(1);
}
