/** The uploader service: config → uploader → lifecycle. It owns nothing; any number of them may run, each may die. */
/* oxlint-disable node/no-process-env -- This is the one place where the service takes its settings. */
import {
  createLifecycle,
  createLogger,
  loadConfig,
  logFatal,
  reportReady,
  stopWhenParentDies,
} from "@reelhouse/service-kit";
import { uploaderConfig } from "./config.ts";
import { createUploader } from "./uploader.ts";

try {
  const config = loadConfig(uploaderConfig, process.env);
  const logger = createLogger("uploader", config.logLevel);
  const lifecycle = createLifecycle({ logger });
  const uploader = createUploader(config, logger);
  stopWhenParentDies(lifecycle);
  lifecycle.phase({
    name: "uploader",
    start: async () => reportReady(await uploader.start()),
    stop: () => uploader.stop(),
  });
  await lifecycle.run();
} catch (error) {
  logFatal(createLogger("uploader"), error, "start-failed");
  process.exitCode = 1;
}
