/** The only door of @reelhouse/cloud-emulator. */
export { createCloudEmulator } from "./cloud-emulator.ts";
export type { CloudEmulator, CloudEmulatorOptions } from "./cloud-emulator.ts";
export { FAULT_KINDS } from "./faults.ts";
export type { Fault, FaultKind, Faults } from "./faults.ts";
