/** A medium changer (SMC-3): a device server over the library's elements. Commands are in commands/. */
import type { BoundCommand } from "../cdb.ts";
import { type Device, type Identity, peripheralDeviceType } from "../device.ts";
import { type DevicePorts, standAlone } from "../device-ports.ts";
import { LogicalUnit } from "../logical-unit.ts";
import { tapeAlertLogPage } from "../spc/log-pages/tape-alert.ts";
import { commonModePages } from "../spc/mode-pages/common-pages.ts";
import { controlModePage, newControlParameters } from "../spc/mode-pages/control.ts";
import { type PrimaryState, newPrimaryState } from "../spc/primary-state.ts";
import { PersistentReservations } from "../spc/reservations/persistent-reservations.ts";
import { tellExceptions } from "../spc/informational-exceptions.ts";
import {
  informationalExceptionsModePage,
  newExceptionParameters,
} from "../spc/mode-pages/informational-exceptions.ts";
import { inPageOrder } from "../spc/mode-pages/mode-page.ts";
import { deviceIdentification } from "../spc/vpd/device-identification.ts";
import { supportedVpdPages } from "../spc/vpd/supported-vpd-pages.ts";
import { unitSerialNumber } from "../spc/vpd/unit-serial-number.ts";
import { TapeAlerts, changerAlert } from "../tape-alerts.ts";
import type { Nexus } from "../task.ts";
import { UnitAttentions } from "../unit-attention.ts";
import { changerModelOf } from "./models/changer-models.ts";
import { changerModePages } from "./mode-pages.ts";
import type { ChangerModel } from "./models/changer-model.ts";
import type { Robot } from "./robot.ts";
import type { VolumeSearch } from "./volume-search.ts";

const version = { sam5: 0x00a0, spc4: 0x0460, smc3: 0x0480, iscsi: 0x0960 } as const;

/** Old initiators and mtx put the LUN there. */
const lunBits = 0xe0;

export class MediumChanger implements Device {
  readonly deviceType = peripheralDeviceType.mediumChanger;
  identity: Identity;
  model: ChangerModel;
  vendorSpecificInquiry: Uint8Array | undefined;
  readonly robot: Robot;
  readonly versionDescriptors = Object.values(version);
  readonly ignoredByte1Bits = lunBits;
  readonly commands: readonly BoundCommand<MediumChanger>[];
  readonly attentions = new UnitAttentions();
  readonly alerts = new TapeAlerts();
  readonly preventing = new Set<Nexus>();
  readonly ports: DevicePorts;
  readonly primary: PrimaryState;
  readonly persistentReservations: PersistentReservations;
  /** Addresses of import/export elements that an application client opened to the operator. */
  readonly openElements = new Set<number>();
  /** What each nexus asked for last by SEND VOLUME TAG. */
  readonly volumeSearches = new Map<Nexus, VolumeSearch>();
  reservedBy: Nexus | undefined;
  readonly modeHeader = {
    mediumType: () => 0,
    deviceSpecific: () => 0,
    invalidDeviceSpecificBit: (value: number) => (value === 0 ? undefined : 7),
    applyDeviceSpecific: () => undefined,
  };
  readonly blockDescriptor = undefined;
  readonly vpdPages = [supportedVpdPages, unitSerialNumber, deviceIdentification];
  readonly control = newControlParameters();
  readonly exceptions = newExceptionParameters();
  readonly modePages;
  readonly logPages = [tapeAlertLogPage(this.alerts)];
  /** What the transport sends its commands to. */
  readonly logicalUnit: LogicalUnit<MediumChanger>;

  /** `commands` look at the changer, not it at them; newMediumChanger has all there are. */
  constructor(
    identity: Identity,
    robot: Robot,
    commands: readonly BoundCommand<MediumChanger>[],
    ports: DevicePorts = standAlone(),
  ) {
    this.identity = identity;
    this.commands = commands;
    this.ports = ports;
    this.primary = newPrimaryState(ports);
    tellExceptions(this);
    this.persistentReservations = new PersistentReservations(ports.store);
    this.model = changerModelOf(identity);
    this.vendorSpecificInquiry = this.model.vendorSpecificInquiry?.(identity);
    this.robot = robot;
    this.modePages = inPageOrder([
      ...commonModePages,
      controlModePage(this.control),
      informationalExceptionsModePage(this.exceptions),
      ...changerModePages(robot),
    ]);
    this.primary.savedModePages.restore(this.modePages);
    this.logicalUnit = new LogicalUnit<MediumChanger>(this, commands);
  }

  /**
   * An application client that is there asked that operators take nothing from the import/export elements. One that is away is
   * lost when they do.
   */
  get preventsRemoval(): boolean {
    return [...this.preventing].some((nexus) => !this.logicalUnit.isAbsent(nexus));
  }

  /** An operator put cartridges into import/export elements or took them out: every nexus is told (28/01). */
  importExportAccessed(): void {
    this.logicalUnit.loseAbsentHolders();
    this.attentions.establishForAll("importExportAccessed");
  }

  /** Cartridges appeared or went elsewhere without the changer's doing: every nexus is told to look again (28/00). */
  inventoryChanged(): void {
    this.alerts.raise(changerAlert.inventory);
    this.attentions.establishForAll("notReadyToReadyChange");
  }

  /** The library was given another make: every nexus is told to ask for INQUIRY data anew (3F/03). */
  become(identity: Identity): void {
    this.identity = identity;
    this.model = changerModelOf(identity);
    this.vendorSpecificInquiry = this.model.vendorSpecificInquiry?.(identity);
    this.attentions.establishForAll("inquiryDataChanged");
  }

  /** There are more or fewer elements than page 1Dh said: every nexus is told to read it again (2A/01). */
  elementsChanged(): void {
    this.attentions.establishForAll("modeParametersChanged");
  }

  /** A drive came into the library or left it: every nexus is told (3B/1B, 3B/1A). */
  driveChanged(what: "inserted" | "removed"): void {
    this.attentions.establishForAll(
      what === "inserted" ? "dataTransferElementInserted" : "dataTransferElementRemoved",
    );
  }

  /** Does `work` between commands, so that no move runs while an operator changes the inventory. */
  exclusive<T>(work: () => T | Promise<T>): T | Promise<T> {
    return this.logicalUnit.exclusive(work);
  }

  takeDeferredError(): undefined {
    return undefined;
  }

  modeParametersApplied(): undefined {
    return undefined;
  }

  abortQueued(isMeant: (nexus: Nexus) => boolean): void {
    this.logicalUnit.abortQueued(isMeant);
  }

  nexusLost(nexus: Nexus): void {
    this.volumeSearches.delete(nexus);
  }

  /** Cartridges stay where they are; what was open is shut again. */
  reset(): void {
    this.volumeSearches.clear();
    this.openElements.clear();
  }
}
