/** The S3 and KMS stand-in as a process of its own, started by the launcher or in a container. Not for production: see README. */
/* oxlint-disable node/no-process-env -- The one place where this process takes its settings. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import {
  createCloudEmulator,
  EMBEDDED_CLOUD,
  ensureCloudCredentials,
} from "@reelhouse/cloud-emulator";
import {
  createLifecycle,
  createLogger,
  formatAddress,
  listenAddress,
  loadConfig,
  logFatal,
  logLevel,
  reportReady,
  stopWhenParentDies,
} from "@reelhouse/service-kit";
import { z } from "zod";
import { furnishCloud } from "./furnish.ts";

const cloudConfig = z.object({
  dataDir: z.string().min(1),
  cloudListen: listenAddress,
  logLevel: logLevel.default("info"),
});

const start = async ({ dataDir, cloudListen, logLevel: level }: z.infer<typeof cloudConfig>) => {
  const logger = createLogger("cloud", level);
  const lifecycle = createLifecycle({ logger });
  stopWhenParentDies(lifecycle);
  const directory = path.join(dataDir, EMBEDDED_CLOUD.folder);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const credentials = await ensureCloudCredentials(
    path.join(directory, EMBEDDED_CLOUD.credentialsFile),
  );
  const { region, bucket, keyAlias } = EMBEDDED_CLOUD;
  const emulator = createCloudEmulator({
    directory: path.join(directory, "store"),
    credentials: { [credentials.accessKeyId]: credentials.secretAccessKey },
    region,
    log: (event, fields) => logger.error({ event, ...fields }, "a request to the store failed"),
  });
  lifecycle.phase({
    name: "cloud",
    start: async () => {
      const { port } = await emulator.listen(cloudListen.host, cloudListen.port);
      const cloud = formatAddress({ host: cloudListen.host, port });
      await furnishCloud({ endpoint: `http://${cloud}`, region, credentials, bucket, keyAlias });
      logger.info({ event: "listening", cloud }, `the embedded store listens on ${cloud}`);
      reportReady({ cloud });
    },
    stop: () => emulator.close(),
  });
  await lifecycle.run();
};

try {
  await start(loadConfig(cloudConfig, process.env));
} catch (error) {
  logFatal(createLogger("cloud"), error, "start-failed");
  process.exitCode = 1;
}
