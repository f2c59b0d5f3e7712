/** The only door of @reelhouse/cloud-emulator. */
export { createCloudEmulator } from "./cloud-emulator.ts";
export type { CloudEmulator, CloudEmulatorOptions } from "./cloud-emulator.ts";
export {
  cloudCredentials,
  ensureCloudCredentials,
  type CloudCredentials,
} from "./embedded/credentials.ts";
export { EMBEDDED_CLOUD } from "./embedded/embedded-cloud.ts";
export { FAULT_KINDS } from "./faults.ts";
export type { Fault, FaultKind, Faults } from "./faults.ts";
