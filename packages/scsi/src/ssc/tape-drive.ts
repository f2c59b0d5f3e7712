/** A tape drive (SSC-5): its state, its mode parameters, and what the library does with it. Commands are in commands/. */
import type { Call } from "../call.ts";
import type { DataIn } from "../task.ts";
import { type Identity, type Device, peripheralDeviceType } from "../device.ts";
import { type DevicePorts, standAlone } from "../device-ports.ts";
import { LogicalUnit } from "../logical-unit.ts";
import { chain } from "../maybe-promise.ts";
import { encodeSense } from "../sense.ts";
import { commonModePages } from "../spc/mode-pages/common-pages.ts";
import { controlModePage, newControlParameters } from "../spc/mode-pages/control.ts";
import { tellExceptions } from "../spc/informational-exceptions.ts";
import {
  informationalExceptionsModePage,
  newExceptionParameters,
} from "../spc/mode-pages/informational-exceptions.ts";
import { inPageOrder } from "../spc/mode-pages/mode-page.ts";
import { type PrimaryState, newPrimaryState } from "../spc/primary-state.ts";
import { PersistentReservations } from "../spc/reservations/persistent-reservations.ts";
import { TapeAlerts, tapeAlert } from "../tape-alerts.ts";
import type { Completion, MaybePromise, Nexus } from "../task.ts";
import { UnitAttentions } from "../unit-attention.ts";
import type { BlockFilter } from "./block-filter.ts";
import { driveCommands } from "./commands.ts";
import { greetCartridge } from "./cleaning.ts";
import { driveModelOf } from "./drive-models.ts";
import { DriveAccount, type DriveLifetime } from "./drive-lifetime.ts";
import { type DriveEvent, type DriveState, driveTransitions } from "./drive-state.ts";
import { DataEncryption } from "./encryption/data-encryption.ts";
import { noDecryption } from "./encryption/encryption-filter.ts";
import { FaultLog } from "./fault-log.ts";
import { driveLogPages } from "./log-pages.ts";
import type { Medium, MediumFault, WriteResult } from "./medium.ts";
import { faultCompletion } from "./medium-fault.ts";
import {
  type PresentCartridge,
  bufferedMode,
  defaultModeParameters,
  driveBlockDescriptor,
  driveModeHeader,
} from "./mode-parameters.ts";
import type { DriveModel } from "./models/drive-model.ts";
import { mediumConfigurationModePage } from "./mode-pages/medium-configuration.ts";
import { readWriteErrorRecoveryModePage } from "./mode-pages/read-write-error-recovery.ts";
import { driveVendorModePages } from "./mode-pages/vendor-pages.ts";
import { LogicalBlockProtection } from "./protection/logical-block-protection.ts";
import { composed } from "./protection/protection-filter.ts";
import { MountRecord, keepAccount } from "./mount-record.ts";
import type { MountStatistics } from "./mount-statistics.ts";
import {
  type SeatedCartridge,
  presentDensity,
  presentMediumType,
  seatedCartridge,
} from "./seated-cartridge.ts";
import { driveVpdPages } from "./vpd-pages.ts";
import { dataCompressionModePage } from "./mode-pages/data-compression.ts";
import { deviceConfigurationExtensionModePage } from "./mode-pages/device-configuration-extension.ts";
import { deviceConfigurationModePage } from "./mode-pages/device-configuration.ts";
import { mediumPartitionModePage } from "./mode-pages/medium-partition.ts";
import { type Operation, senseDuring } from "./operation.ts";
import type { AllowedOverwrite } from "./write-permission.ts";

export type LoadResult =
  | { readonly kind: "loaded" }
  | { readonly kind: "refused"; readonly reason: "occupied" }
  | MediumFault;

export type EjectResult =
  | { readonly kind: "ejected"; readonly medium: Medium }
  | { readonly kind: "refused"; readonly reason: "empty" | "medium removal prevented" }
  /** Data answered with GOOD could not be stored, now or earlier; the medium stays. Told once: the next eject goes through. */
  | MediumFault;

const version = { sam5: 0x00a0, spc4: 0x0460, ssc3: 0x0400, iscsi: 0x0960 } as const;

export class TapeDrive implements Device {
  readonly deviceType = peripheralDeviceType.sequentialAccess;
  readonly identity: Identity;
  readonly model: DriveModel;
  readonly versionDescriptors = Object.values(version);
  readonly ignoredByte1Bits = 0;
  readonly commands = driveCommands;
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
  /** Of the cartridge in the drive; an empty one without. */
  mount: MountRecord;
  reservedBy: Nexus | undefined;

  readonly parameters = { ...defaultModeParameters };
  readonly modeHeader = driveModeHeader(this.parameters, () => this.presentCartridge);
  readonly blockDescriptor = driveBlockDescriptor(this.parameters, () => this.presentCartridge);
  readonly control = newControlParameters();
  readonly exceptions = newExceptionParameters();
  readonly modePages = inPageOrder([
    ...commonModePages,
    controlModePage(this.control),
    informationalExceptionsModePage(this.exceptions),
    readWriteErrorRecoveryModePage,
    mediumConfigurationModePage(() => this.medium),
    ...driveVendorModePages,
    dataCompressionModePage(this.parameters),
    deviceConfigurationModePage(this.parameters, () => this.medium?.position.partition ?? 0),
    deviceConfigurationExtensionModePage(this.parameters),
    mediumPartitionModePage(this.parameters, () => this.medium),
    this.protection.modePage,
  ]);
  readonly vpdPages;
  readonly logPages = driveLogPages(this);

  /** What the transport sends its commands to. */
  readonly logicalUnit: LogicalUnit<TapeDrive>;
  #state: DriveState = { kind: "empty" };
  #unsynchronized = false;
  #lastWriter: Nexus | undefined;
  /** Sense data that waits for the nexus that wrote last, or for anyone when that is gone. */
  #deferredError: Uint8Array | undefined;
  /** What goes on after its command was answered. */
  operation: Operation | undefined;
  /** What the last ALLOW OVERWRITE permits. */
  allowedOverwrite: AllowedOverwrite | undefined;

  constructor(identity: Identity, ports: DevicePorts = standAlone()) {
    this.identity = identity;
    this.account = new DriveAccount(ports);
    this.mount = new MountRecord(undefined, identity);
    this.model = driveModelOf(identity);
    this.vpdPages = driveVpdPages(this.model, identity);
    this.ports = ports;
    this.primary = newPrimaryState(ports);
    this.primary.savedModePages.restore(this.modePages);
    tellExceptions(this);
    this.persistentReservations = new PersistentReservations(ports.store);
    this.logicalUnit = new LogicalUnit<TapeDrive>(this, driveCommands);
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

  /** The cartridge in the drive, by its label; undefined without one. */
  get seated(): SeatedCartridge | undefined {
    const { medium } = this;
    return medium === undefined ? undefined : seatedCartridge(this.model, medium);
  }

  /** What the mode parameters tell of it. */
  get presentCartridge(): PresentCartridge {
    const { medium, model, seated } = this;
    return {
      mediumType: presentMediumType(model, seated, medium?.worm === true),
      densityCode: presentDensity(model, seated).code,
      isWriteProtected:
        medium?.writeProtected === true ||
        (seated !== undefined && seated.usability !== "reads and writes"),
    };
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
    return this.logicalUnit.exclusive((): MaybePromise<LoadResult> => {
      if (!this.#allows("insert")) return { kind: "refused", reason: "occupied" };
      return chain(medium.locate(0, 0), (located): MaybePromise<LoadResult> => {
        if (located.kind === "fault") {
          this.alerts.raise(tapeAlert.loadFailure);
          return located;
        }
        return this.#seat(medium);
      });
    });
  }

  #seat(medium: Medium): MaybePromise<LoadResult> {
    this.transition("insert", medium);
    this.#beginMount(medium);
    this.alerts.clear();
    this.account.volumeLoaded(this.statistics);
    return chain(keepAccount(this, medium), () =>
      chain(greetCartridge(this, medium), (): LoadResult => {
        this.attentions.establishForAll("notReadyToReadyChange");
        return { kind: "loaded" };
      }),
    );
  }

  /** The changer takes the cartridge, after the command that runs: what is buffered is stored first. */
  eject(): MaybePromise<EjectResult> {
    return this.logicalUnit.exclusive((): MaybePromise<EjectResult> => {
      if (this.operation !== undefined) return this.operation.ended.then(() => this.#eject());
      return this.#eject();
    });
  }

  #eject(): MaybePromise<EjectResult> {
    const { medium } = this;
    if (medium === undefined) return { kind: "refused", reason: "empty" };
    if (this.preventsRemoval) return { kind: "refused", reason: "medium removal prevented" };
    this.logicalUnit.loseAbsentHolders();
    return chain(this.synchronize(medium, undefined), (stored): MaybePromise<EjectResult> => {
      const fault = this.#ejectFault(stored);
      if (fault !== undefined) return fault;
      return chain(keepAccount(this, medium), (): EjectResult => {
        this.account.mountEnded(this.statistics);
        this.transition("remove");
        this.#beginMount(undefined);
        return { kind: "ejected", medium };
      });
    });
  }

  /** Another cartridge, or none: what was counted, and who is to hear of a failure, belonged to the one before. */
  #beginMount(medium: Medium | undefined): void {
    this.mount = new MountRecord(medium, this.identity);
    this.#deferredError = undefined;
    this.#lastWriter = undefined;
    this.forgetPartitioning();
  }

  /** The medium has other partitions than before: what was asked for them, and allowed on them, is over. */
  forgetPartitioning(): void {
    this.parameters.partitioning = undefined;
    this.allowedOverwrite = undefined;
  }

  /** Data that was answered with GOOD was lost after all: the nexus that wrote it hears so with its next command. */
  deferWriteError(): void {
    this.#deferredError = encodeSense("writeError", { deferred: true });
    this.statistics.writeErrors++;
    this.alerts.raise(tapeAlert.writeFailure);
  }

  /** What an answered command of `nexus` came to at last, told as a deferred error (response code 71h). */
  deferError(sense: Uint8Array, nexus: Nexus): void {
    const deferred = Uint8Array.from(sense);
    deferred[0]! |= 0x01;
    this.#deferredError = deferred;
    this.#lastWriter = nexus;
  }

  /** What an eject is refused with: it tells the failure to store, and a deferred error that no host has heard. */
  #ejectFault(stored: WriteResult): MediumFault | undefined {
    const isFault = stored.kind === "fault";
    if (isFault && stored.fault === "full") return stored;
    const wasDeferred = this.#deferredError !== undefined;
    this.#deferredError = undefined;
    if (isFault) return stored;
    if (!wasDeferred) return undefined;
    return { kind: "fault", fault: "write", reason: "data written before could not be stored" };
  }

  /**
   * All that was written is on stable storage when it says "written". A failure is told once: by the command `call`,
   * or as a deferred error when that was aborted meanwhile and tells nobody. Undefined: whoever asked tells it.
   */
  synchronize(medium: Medium, call: Call | undefined): MaybePromise<WriteResult> {
    if (!this.#unsynchronized) return { kind: "written" };
    this.#unsynchronized = false;
    // The change reference is there before data that hosts may count on.
    return this.mount.isDue
      ? chain(keepAccount(this, medium), () => this.#store(medium, call))
      : this.#store(medium, call);
  }

  #store(medium: Medium, call: Call | undefined): MaybePromise<WriteResult> {
    return chain(medium.synchronize(), (result) => {
      // A full cache is asked again; a failure has been told to whoever waited, and does not hold the cartridge.
      if (result.kind === "fault") {
        if (result.fault === "full") this.#unsynchronized = true;
        // Not counted here: the command counts the fault even when it has nobody to tell it to.
        else if (call?.aborted === true) {
          this.#deferredError = encodeSense("writeError", { deferred: true });
        }
      }
      return result;
    });
  }

  /** There is data in the medium's buffer that no synchronize has covered. */
  get hasUnsynchronizedData(): boolean {
    return this.#unsynchronized;
  }

  markWritten(nexus: Nexus): void {
    this.#unsynchronized = true;
    this.#lastWriter = nexus;
    this.mount.markWritten();
  }

  /** Fault of the medium port as status and sense, counted. */
  fault(fault: MediumFault, information?: number, dataIn?: DataIn): Completion {
    return faultCompletion(this, fault, information, dataIn);
  }

  #allows(event: DriveEvent): boolean {
    return driveTransitions[this.#state.kind][event] !== "refused";
  }

  /** Follows the table; false when the event is refused in this state. */
  transition(event: DriveEvent, inserted?: Medium): boolean {
    const next = driveTransitions[this.#state.kind][event];
    const medium = inserted ?? this.medium;
    if (next === "refused") return false;
    if (next !== "ready" && this.#state.kind === "ready") this.encryption.demounted();
    this.#state =
      next === "empty" || medium === undefined ? { kind: "empty" } : { kind: next, medium };
    return true;
  }

  takeDeferredError(nexus: Nexus): Uint8Array | undefined {
    const sense = this.#deferredError;
    if (sense === undefined) return undefined;
    const writer = this.#lastWriter;
    // With its writer gone, a deferred error is for whoever comes next.
    const isGone = writer === undefined || !this.logicalUnit.hasNexus(writer);
    if (!isGone && writer !== nexus) return undefined;
    this.#deferredError = undefined;
    return sense;
  }

  /** A change to unbuffered mode stores what is buffered (SSC-5 4.2.11). */
  modeParametersApplied(call: Call): MaybePromise<Completion | undefined> {
    const medium = this.readyMedium;
    if (this.parameters.bufferedMode === bufferedMode.buffered || medium === undefined) {
      return undefined;
    }
    return chain(this.synchronize(medium, call), (result) =>
      result.kind === "fault" ? this.fault(result) : undefined,
    );
  }

  abortQueued(isMeant: (nexus: Nexus) => boolean): void {
    this.logicalUnit.abortQueued(isMeant);
  }

  /** An aborted READ does not wait for the vault. */
  commandAborted(): void {
    this.medium?.giveUpRecall();
  }

  nexusLost(nexus: Nexus): void {
    this.encryption.nexusLost(nexus);
    this.protection.nexusLost(nexus);
    if (this.#lastWriter === nexus) this.#lastWriter = undefined;
  }

  reservationLost(preempted: boolean): void {
    this.encryption.reservationLost(preempted);
  }

  /** Logical unit reset: mode parameters to their defaults; cartridge, position and buffered data stay. */
  reset(): void {
    this.encryption.reset();
    this.protection.reset();
    Object.assign(this.parameters, defaultModeParameters);
  }
}
