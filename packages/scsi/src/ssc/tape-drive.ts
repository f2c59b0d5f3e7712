/** A tape drive (SSC-5): what it consists of. Commands are in commands/, the state each part keeps is in its own file. */
import type { Call } from "../call.ts";
import type { BoundCommand } from "../cdb.ts";
import { type Device, type Identity, peripheralDeviceType } from "../device.ts";
import { type DevicePorts, standAlone } from "../device-ports.ts";
import { LogicalUnit } from "../logical-unit.ts";
import { chain } from "../maybe-promise.ts";
import { tellExceptions } from "../spc/informational-exceptions.ts";
import type { LogPage } from "../spc/log-pages/log-page.ts";
import { newControlParameters } from "../spc/mode-pages/control.ts";
import { newExceptionParameters } from "../spc/mode-pages/informational-exceptions.ts";
import type { ModePage } from "../spc/mode-pages/mode-page.ts";
import { type PrimaryState, newPrimaryState } from "../spc/primary-state.ts";
import { PersistentReservations } from "../spc/reservations/persistent-reservations.ts";
import type { VpdPage } from "../spc/vpd/vpd-page.ts";
import { TapeAlerts } from "../tape-alerts.ts";
import type { Completion, DataIn, MaybePromise, Nexus } from "../task.ts";
import { UnitAttentions } from "../unit-attention.ts";
import type { BlockFilter } from "./blocks/block-filter.ts";
import { readLengthMax, writeLengthMax } from "./blocks/block-path.ts";
import type { Density } from "./cartridges/density.ts";
import { DriveAccount, type DriveLifetime } from "./accounts/drive-lifetime.ts";
import { driveModelOf } from "./models/drive-models.ts";
import { type DriveEvent, type DriveState, driveTransitions } from "./drive-state.ts";
import { DataEncryption } from "./encryption/data-encryption.ts";
import { noDecryption } from "./encryption/encryption-filter.ts";
import { FaultLog } from "./accounts/fault-log.ts";
import { faultCompletion } from "./medium-fault.ts";
import type { Medium, MediumFault } from "./medium.ts";
import {
  type PresentCartridge,
  bufferedMode,
  defaultModeParameters,
  driveBlockDescriptor,
  driveModeHeader,
} from "./mode-parameters.ts";
import type { DriveModel } from "./models/drive-model.ts";
import { type EjectResult, type LoadResult, insertCartridge, removeCartridge } from "./mounting.ts";
import { MountRecord } from "./accounts/mount-record.ts";
import type { MountStatistics } from "./accounts/mount-statistics.ts";
import {
  type FailedOperation,
  type Operation,
  endVerifying,
  senseDuring,
  takeFailedOperation,
} from "./operation.ts";
import { LogicalBlockProtection } from "./protection/logical-block-protection.ts";
import { composed } from "./protection/protection-filter.ts";
import {
  type SeatedCartridge,
  presentCartridgeOf,
  presentDensity,
  seatedCartridge,
} from "./cartridges/seated-cartridge.ts";
import type { AllowedOverwrite } from "./write-permission.ts";
import { WriteBack } from "./write-back.ts";

const version = { sam5: 0x00a0, spc4: 0x0460, ssc3: 0x0400, iscsi: 0x0960 } as const;

/** What a drive is asked and shows: made by who assembles it, as commands and pages look at the drive, not it at them. */
export interface DriveTables {
  readonly commands: readonly BoundCommand<TapeDrive>[];
  modePages(drive: TapeDrive): readonly ModePage[];
  logPages(drive: TapeDrive): readonly LogPage[];
  vpdPages(model: DriveModel, identity: Identity): readonly VpdPage[];
}

export class TapeDrive implements Device {
  readonly deviceType = peripheralDeviceType.sequentialAccess;
  identity: Identity;
  model: DriveModel;
  readonly versionDescriptors = Object.values(version);
  readonly ignoredByte1Bits = 0;
  readonly commands: DriveTables["commands"];
  readonly attentions = new UnitAttentions();
  readonly alerts = new TapeAlerts();
  readonly preventing = new Set<Nexus>();
  readonly ports: DevicePorts;
  readonly primary: PrimaryState;
  readonly persistentReservations: PersistentReservations;
  readonly encryption = new DataEncryption(this.attentions, () => this.ports.nextTurn());
  readonly protection = new LogicalBlockProtection(() => this.ports.nextTurn());
  readonly account: DriveAccount;
  readonly faults = new FaultLog();
  /** What was answered before it was stored. */
  readonly writeBack = new WriteBack(this);
  /** Of the cartridge in the drive; an empty one without. */
  mount: MountRecord;
  reservedBy: Nexus | undefined;

  readonly parameters = { ...defaultModeParameters };
  readonly modeHeader = driveModeHeader(this.parameters, () => this.presentCartridge);
  readonly blockDescriptor = driveBlockDescriptor(
    this.parameters,
    () => this.presentCartridge,
    (nexus) => Math.max(writeLengthMax(this, nexus), readLengthMax(this, nexus)),
  );
  readonly control = newControlParameters();
  readonly exceptions = newExceptionParameters();
  readonly modePages: readonly ModePage[];
  readonly logPages: readonly LogPage[];
  vpdPages: readonly VpdPage[];
  readonly #tables: DriveTables;

  /** What the transport sends its commands to. */
  readonly logicalUnit: LogicalUnit<TapeDrive>;
  #state: DriveState = { kind: "empty" };
  /** What goes on after its command was answered. */
  operation: Operation | undefined;
  /** The last of those that failed, until its nexus hears so. */
  failedOperation: FailedOperation | undefined;
  /** What the last ALLOW OVERWRITE permits. */
  allowedOverwrite: AllowedOverwrite | undefined;

  constructor(identity: Identity, tables: DriveTables, ports: DevicePorts = standAlone()) {
    this.identity = identity;
    this.#tables = tables;
    this.commands = tables.commands;
    this.account = new DriveAccount(ports);
    this.mount = new MountRecord(undefined, identity);
    this.model = driveModelOf(identity);
    this.vpdPages = tables.vpdPages(this.model, identity);
    this.ports = ports;
    this.primary = newPrimaryState(ports);
    this.modePages = tables.modePages(this);
    this.logPages = tables.logPages(this);
    this.primary.savedModePages.restore(this.modePages);
    tellExceptions(this);
    this.persistentReservations = new PersistentReservations(ports.store);
    this.logicalUnit = new LogicalUnit<TapeDrive>(this, tables.commands);
  }

  /** The drive, which is empty, is of another make now: every nexus is told to ask for INQUIRY data anew (3F/03). */
  become(identity: Identity): void {
    this.identity = identity;
    this.model = driveModelOf(identity);
    this.vpdPages = this.#tables.vpdPages(this.model, identity);
    this.attentions.establishForAll("inquiryDataChanged");
  }

  get state(): DriveState["kind"] {
    return this.#state.kind;
  }

  /** The seated cartridge, threaded or not. */
  get medium(): Medium | undefined {
    return this.#state.kind === "empty" ? undefined : this.#state.medium;
  }

  /** The medium when medium access commands may use it; a cartridge the drive cannot use is none. */
  get readyMedium(): Medium | undefined {
    if (this.#state.kind !== "ready" || this.operation !== undefined) return undefined;
    const usability = this.seated?.usability;
    return usability === "none" || usability === "cleans" ? undefined : this.#state.medium;
  }

  /** The seated cartridge, threaded or not, when no work goes on: what LOAD UNLOAD and the auxiliary memory need. */
  get idleMedium(): Medium | undefined {
    return this.operation === undefined ? this.medium : undefined;
  }

  /** The cartridge in the drive, by its label; undefined without one. */
  get seated(): SeatedCartridge | undefined {
    const { medium } = this;
    return medium === undefined ? undefined : seatedCartridge(this.model, medium);
  }

  /** Of the cartridge; the drive's own without one. */
  get presentDensity(): Density {
    return presentDensity(this.model, this.seated);
  }

  /** What the mode parameters tell of it. */
  get presentCartridge(): PresentCartridge {
    return presentCartridgeOf(this.model, this.seated, this.medium);
  }

  /** What that nexus's blocks pass on their way; undefined: they lie on the medium as they are transferred. */
  blockFilter(nexus: Nexus): BlockFilter | undefined {
    const inner = this.encryption.filter(nexus);
    const outer = this.protection.filter(nexus);
    return outer === undefined ? inner : composed(outer, inner ?? noDecryption);
  }

  /** What REQUEST SENSE tells when nothing else waits to be told. */
  currentCondition(): Uint8Array | undefined {
    return this.operation === undefined ? undefined : senseDuring(this.operation);
  }

  whereabouts(): string | undefined {
    const { medium } = this;
    if (medium === undefined) return undefined;
    const { partition, objectNumber } = medium.position;
    const held = medium.partitions.map(({ objectCount }) => objectCount);
    return [medium.barcode, partition, objectNumber, this.statistics.bytesWritten, ...held].join();
  }

  get statistics(): MountStatistics {
    return this.mount.statistics;
  }

  get lifetime(): DriveLifetime {
    return this.account.lifetime(this.statistics);
  }

  /** A nexus prevents removal that is there: one that is away is lost rather than keep a cartridge from leaving. */
  get preventsRemoval(): boolean {
    return [...this.preventing].some((nexus) => !this.logicalUnit.isAbsent(nexus));
  }

  /** The changer seats a cartridge: it is threaded and rewound, and every nexus is told (28/00). */
  load(medium: Medium): MaybePromise<LoadResult> {
    return this.logicalUnit.exclusive(() => insertCartridge(this, medium));
  }

  /** The changer takes the cartridge, after the command that runs: what is buffered is stored first. */
  eject(): MaybePromise<EjectResult> {
    return this.logicalUnit.exclusive(() => removeCartridge(this));
  }

  /** The medium has other partitions than before: what was asked for them, and allowed on them, is over. */
  forgetPartitioning(): void {
    this.parameters.partitioning = undefined;
    this.allowedOverwrite = undefined;
  }

  /** Data that was answered with GOOD was lost after all: the nexus that wrote it hears so with its next command. */
  deferWriteError(): void {
    this.writeBack.deferWriteError();
  }

  /** Fault of the medium port as status and sense, counted. */
  fault(fault: MediumFault, information?: number, dataIn?: DataIn): Completion {
    return faultCompletion(this, fault, information, dataIn);
  }

  /** Follows the table; false when the event is refused in this state. `by`: whose command it is, if it is one. */
  transition(event: DriveEvent, { inserted, by }: { inserted?: Medium; by?: Nexus } = {}): boolean {
    const next = driveTransitions[this.#state.kind][event];
    const medium = inserted ?? this.medium;
    if (next === "refused") return false;
    if (next !== "ready" && this.#state.kind === "ready") this.encryption.demounted(by);
    this.#state =
      next === "empty" || medium === undefined ? { kind: "empty" } : { kind: next, medium };
    return true;
  }

  takeDeferredError(nexus: Nexus): Uint8Array | undefined {
    return this.writeBack.takeDeferredError(nexus) ?? takeFailedOperation(this, nexus);
  }

  /** A change to unbuffered mode stores what is buffered (SSC-5 4.2.11). */
  modeParametersApplied(call: Call): MaybePromise<Completion | undefined> {
    const medium = this.readyMedium;
    if (this.parameters.bufferedMode === bufferedMode.buffered || medium === undefined) {
      return undefined;
    }
    return chain(this.writeBack.synchronize(medium, call), (result) =>
      result.kind === "fault" ? this.fault(result) : undefined,
    );
  }

  abortQueued(isMeant: (nexus: Nexus) => boolean): void {
    this.logicalUnit.abortQueued(isMeant);
  }

  /** An aborted READ does not wait for the vault; what goes on after its status is no command any more. */
  commandAborted(): void {
    if (this.operation === undefined) this.medium?.giveUpRecall();
  }

  answersLost(nexus: Nexus): void {
    this.writeBack.answersLost(nexus);
  }

  nexusLost(nexus: Nexus): void {
    this.encryption.nexusLost(nexus);
    this.protection.nexusLost(nexus);
    this.writeBack.nexusLost(nexus);
  }

  reservationLost(preempted: boolean, by: Nexus): void {
    this.encryption.reservationLost(preempted, by);
  }

  /** Logical unit reset: mode parameters to their defaults; cartridge, position and buffered data stay. */
  reset(): void {
    endVerifying(this);
    this.encryption.reset();
    this.protection.reset();
    Object.assign(this.parameters, defaultModeParameters);
    this.allowedOverwrite = undefined;
  }
}
