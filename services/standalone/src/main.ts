/** `npm start`: the whole product on this machine, nothing else installed. Says what it does, then how to connect. */
/* oxlint-disable node/no-process-env -- The one place where the launcher takes its settings. */
import { writeSync } from "node:fs";
import {
  ConfigError,
  createLifecycle,
  createLogger,
  stopWhenParentDies,
} from "@reelhouse/service-kit";
import { createLauncher } from "./launcher.ts";
import { loadSettings } from "./load-settings.ts";
import { createScreen } from "./screen.ts";
import { screenLine } from "./supervise/log-line.ts";

const screen = createScreen((text) => {
  try {
    writeSync(1, text);
  } catch {
    // A terminal that went away must not stop the backups.
  }
});
const logger = createLogger("launcher", "warn", {
  write: (line) => {
    const shown = screenLine("launcher", line.trimEnd());
    if (shown !== null) screen.say(shown);
  },
});

try {
  const config = loadSettings(process.env);
  const launcher = createLauncher({ config, environment: process.env, screen });
  const lifecycle = createLifecycle({ logger });
  stopWhenParentDies(lifecycle);
  lifecycle.phase({
    name: "Reelhouse",
    start: () => launcher.start(),
    startTimeoutMs: 180_000,
    stop: async () => {
      const begun = performance.now();
      screen.say("stopping …");
      await launcher.stop();
      screen.say(`stopped after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    },
    stopTimeoutMs: 15_000,
  });
  await lifecycle.run();
} catch (error) {
  const text = error instanceof ConfigError ? error.message : String(error);
  screen.say(`Reelhouse cannot start: ${text}`);
  process.exitCode = 1;
}
