/** The only door of @reelhouse/standalone, for tests that start the product as its user would. */
export { createLauncher, type Launcher, type LauncherOptions } from "./launcher.ts";
export { standaloneConfig, type StandaloneConfig } from "./config.ts";
export { createScreen, type Screen } from "./screen.ts";
