/** The package's one door. */
export type { Call } from "./call.ts";
export {
  type BoundCommand,
  type CdbLayout,
  type Command,
  bit,
  bits,
  defineCommand,
  inOrder,
  uint,
  uint64,
} from "./cdb.ts";
export { check, good, goodData, invalidFieldInCdb } from "./completion.ts";
export { type DevicePorts, type DeviceStore, standAlone } from "./device-ports.ts";
export { type Device, type Identity, peripheralDeviceType } from "./device.ts";
export { LogicalUnit } from "./logical-unit.ts";
export {
  type AddressedTask,
  ScsiDevice,
  type TaskManagement,
  type TaskManagementAnswer,
} from "./scsi-device.ts";
export { type SenseName, senseConditions } from "./sense.ts";
export { status } from "./status.ts";
export { spcCommands } from "./spc/commands.ts";
export { type PrimaryParts, primaryUnit } from "./spc/primary-unit.ts";
export type { VpdPage } from "./spc/vpd/vpd-page.ts";
export { newMediumChanger } from "./smc/new-medium-changer.ts";
export type { MediumChanger } from "./smc/medium-changer.ts";
export { changerModelOf, changerModels } from "./smc/models/changer-models.ts";
export { type ElementCounts, layElements } from "./smc/elements/element-layout.ts";
export type { ChangerModel } from "./smc/models/changer-model.ts";
export type { Element, ElementRange, ElementType, MoveResult, Robot } from "./smc/robot.ts";
export { changerCommands } from "./smc/commands.ts";
export { driveCommands } from "./ssc/commands.ts";
export { isHostAttribute } from "./ssc/attributes/host-attributes.ts";
export { earlyWarningBytes } from "./ssc/capacity/capacity.ts";
export type { DriveStateKind } from "./ssc/drive-state.ts";
export { type CartridgeType, cartridgeTypeOf } from "./ssc/cartridges/cartridge-types.ts";
export { nativeCapacityBytesOf } from "./ssc/cartridges/native-capacity.ts";
export { driveModelOf, driveModels } from "./ssc/models/drive-models.ts";
export type { DriveModel } from "./ssc/models/drive-model.ts";
export { blockLengthMax, transferBytesMax } from "./ssc/limits.ts";
export type {
  BlockMarks,
  LocateResult,
  Medium,
  MediumAttribute,
  MediumFault,
  MediumPartition,
  Position,
  ReadResult,
  SpaceResult,
  WriteResult,
} from "./ssc/medium.ts";
export type { EjectResult, LoadResult } from "./ssc/mounting.ts";
export { newTapeDrive } from "./ssc/new-tape-drive.ts";
export type { TapeDrive } from "./ssc/tape-drive.ts";
export type { UnitAttention } from "./unit-attention.ts";
export type { Completion, DataIn, DataOut, MaybePromise, Nexus, Task } from "./task.ts";
