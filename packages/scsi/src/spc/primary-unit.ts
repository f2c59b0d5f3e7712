/**
 * A logical unit of the primary commands alone (SPC-5), to which a device type adds commands and pages of its own. Drive
 * and changer have more to say and are classes; the disk that others' tests want is made with this.
 */
import type { BoundCommand } from "../cdb.ts";
import type { Device, Identity } from "../device.ts";
import { type DevicePorts, standAlone } from "../device-ports.ts";
import { LogicalUnit } from "../logical-unit.ts";
import { TapeAlerts } from "../tape-alerts.ts";
import type { Nexus } from "../task.ts";
import { UnitAttentions } from "../unit-attention.ts";
import { commonModePages } from "./mode-pages/common-pages.ts";
import { controlModePage, newControlParameters } from "./mode-pages/control.ts";
import { newExceptionParameters } from "./mode-pages/informational-exceptions.ts";
import { type ModePage, inPageOrder } from "./mode-pages/mode-page.ts";
import { newPrimaryState } from "./primary-state.ts";
import { PersistentReservations } from "./reservations/persistent-reservations.ts";
import { deviceIdentification } from "./vpd/device-identification.ts";
import { supportedVpdPages } from "./vpd/supported-vpd-pages.ts";
import { unitSerialNumber } from "./vpd/unit-serial-number.ts";
import type { VpdPage } from "./vpd/vpd-page.ts";

export interface PrimaryParts {
  readonly deviceType: Device["deviceType"];
  readonly identity: Identity;
  /** Version descriptors of standard INQUIRY data. */
  readonly versionDescriptors: readonly number[];
  /** All of its commands, in their order (`inOrder`), those of SPC (`spcCommands`) among them. */
  readonly commands: readonly BoundCommand<Device>[];
  /** Besides the three that every device has. */
  readonly vpdPages: readonly VpdPage[];
  /** Besides the common ones and the control mode page. */
  readonly modePages: readonly ModePage[];
}

const modeHeader = {
  mediumType: () => 0,
  deviceSpecific: () => 0,
  invalidDeviceSpecificBit: (value: number) => (value === 0 ? undefined : 7),
  applyDeviceSpecific: () => undefined,
};

export function primaryUnit(
  { commands, vpdPages, modePages, ...type }: PrimaryParts,
  ports: DevicePorts = standAlone(),
): LogicalUnit {
  const control = newControlParameters();
  const device: Device = {
    ...type,
    ignoredByte1Bits: 0,
    commands,
    vpdPages: [supportedVpdPages, unitSerialNumber, deviceIdentification, ...vpdPages],
    modePages: inPageOrder([...commonModePages, controlModePage(control), ...modePages]),
    modeHeader,
    blockDescriptor: undefined,
    logPages: [],
    attentions: new UnitAttentions(),
    alerts: new TapeAlerts(),
    ports,
    control,
    exceptions: newExceptionParameters(),
    primary: newPrimaryState(ports),
    persistentReservations: new PersistentReservations(ports.store),
    reservedBy: undefined,
    preventing: new Set<Nexus>(),
    abortQueued: (isMeant) => unit.abortQueued(isMeant),
    takeDeferredError: () => undefined,
    modeParametersApplied: () => undefined,
    nexusLost: () => undefined,
    reset: () => undefined,
  };
  device.primary.savedModePages.restore(device.modePages);
  const unit = new LogicalUnit(device, commands);
  return unit;
}
