/** The gateway: config → media and library → devices → portal → control API → links to vault, queue and inventory. */
import assert from "node:assert/strict";
import {
  createHealth,
  createHttpServer,
  createLifecycle,
  createLogger,
  createMetrics,
  createRemoteCallMetrics,
  formatAddress,
  listen,
  loadConfig,
  logFatal,
  readTokenFile,
  reportReady,
  stopWhenParentDies,
} from "@reelhouse/service-kit";
import { gatewayConfig } from "./config.ts";
import { controlRoutes } from "./control/control-routes.ts";
import { openGateway } from "./gateway.ts";
import type { Gateway } from "./gateway.ts";
import { connectVault } from "@reelhouse/vault";

/** Opening and repairing the volumes of a large library after a power loss. */
const openTimeoutMs = 120_000;

const bootLogger = createLogger("gateway");

async function main(): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- the one place that reads it
  const config = loadConfig(gatewayConfig, process.env);
  const serviceToken = await readTokenFile(config.serviceTokenFile, "REELHOUSE_SERVICE_TOKEN_FILE");
  const logger = createLogger("gateway", config.logLevel);
  const metrics = createMetrics("gateway");
  const health = createHealth();
  const lifecycle = createLifecycle({ logger });
  const vault = connectVault(config, createRemoteCallMetrics(logger, metrics));
  const tokens = { service: serviceToken };
  const http = await createHttpServer({ logger, metrics, health, tokens });

  let gateway: Gateway | undefined;
  health.add("devices", () => assert(gateway !== undefined, "media and devices are not open yet"));

  lifecycle.phase({
    name: "media and devices",
    startTimeoutMs: openTimeoutMs,
    start: async () => {
      gateway = await openGateway({ config, logger, metrics, vault, serviceToken });
    },
    stop: () => gateway?.close(),
  });
  lifecycle.phase({
    name: "control API",
    start: async () => {
      assert(gateway !== undefined);
      controlRoutes(http, gateway);
      const setting = "REELHOUSE_GATEWAY_CONTROL_LISTEN";
      const control = await listen(http.app, config.gatewayControlListen, setting);
      reportReady({
        iscsi: formatAddress(gateway.portalAddress),
        control: formatAddress(control),
        targets: [...gateway.targetNames],
      });
    },
    stop: () => http.app.close(),
  });

  stopWhenParentDies(lifecycle);
  await lifecycle.run();
}

main().catch((error: unknown) => {
  logFatal(bootLogger, error, "start-failed");
  process.exitCode = 1;
});
