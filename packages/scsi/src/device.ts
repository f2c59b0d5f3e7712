/** What the device server and the commands of SPC know of a logical unit, whatever its type. */
import type { Call } from "./call.ts";
import type { BoundCommand } from "./cdb.ts";
import type { DevicePorts } from "./device-ports.ts";
import type { LogPage } from "./spc/log-pages/log-page.ts";
import type { ControlParameters } from "./spc/mode-pages/control.ts";
import type { ExceptionParameters } from "./spc/mode-pages/informational-exceptions.ts";
import type { ModePage } from "./spc/mode-pages/mode-page.ts";
import type { PersistentReservations } from "./spc/reservations/persistent-reservations.ts";
import type { PrimaryState } from "./spc/primary-state.ts";
import type { VpdPage } from "./spc/vpd/vpd-page.ts";
import type { MaybePromise, Nexus } from "./task.ts";
import type { Completion } from "./task.ts";
import type { UnitAttentions } from "./unit-attention.ts";
import type { TapeAlerts } from "./tape-alerts.ts";

export interface Identity {
  /** T10 vendor identification, at most 8 characters. */
  readonly vendor: string;
  /** At most 16 characters. */
  readonly product: string;
  /** At most 4 characters. */
  readonly revision: string;
  readonly serialNumber: string;
  /** The NAA identifier of the logical unit, 8 bytes with the NAA field in the top 4 bits. */
  readonly naa: bigint;
  /** iSCSI name of the target device. */
  readonly targetName: string;
  /** Of the portal groups through which it is reached: each is a target port, the tag its relative identifier. */
  readonly portalGroupTags: readonly number[];
  /** Of a drive: the serial number of the library it is in. Left out: in none. */
  readonly automationSerialNumber?: string | undefined;
}

/** A disk is none of the product's: others' tests want one (`spc/primary-unit.ts`). */
export const peripheralDeviceType = {
  directAccess: 0x00,
  sequentialAccess: 0x01,
  mediumChanger: 0x08,
} as const;

/** MODE SELECT's way into the block descriptor; a device without block descriptors has none. */
export interface BlockDescriptorPort {
  current(): Uint8Array;
  /** Bits an application client may change. */
  readonly changeable: Uint8Array;
  readonly defaults: Uint8Array;
  /** The byte of the descriptor that is wrong when `nexus` sends it, or undefined when all is well. */
  invalidByte(descriptor: Uint8Array, nexus: Nexus): number | undefined;
  apply(descriptor: Uint8Array): void;
}

/** The mode parameter header: medium type and device-specific parameter. */
export interface ModeHeaderPort {
  mediumType(): number;
  deviceSpecific(): number;
  /** Highest bit at fault of the device-specific parameter, or undefined. */
  invalidDeviceSpecificBit(value: number): number | undefined;
  applyDeviceSpecific(value: number): void;
}

export interface Device {
  readonly deviceType: (typeof peripheralDeviceType)[keyof typeof peripheralDeviceType];
  readonly identity: Identity;
  /** What a model puts into the vendor-specific bytes 36 to 55 of standard INQUIRY data; left out: zeros. */
  readonly vendorSpecificInquiry?: Uint8Array | undefined;
  /** Version descriptors of standard INQUIRY data (SPC-5 6.7.2). */
  readonly versionDescriptors: readonly number[];
  /** Mask of byte 1 bits that old initiators fill with the LUN and that are not checked. */
  readonly ignoredByte1Bits: number;
  readonly commands: readonly BoundCommand<never>[];
  readonly vpdPages: readonly VpdPage[];
  readonly modePages: readonly ModePage[];
  readonly modeHeader: ModeHeaderPort;
  readonly blockDescriptor: BlockDescriptorPort | undefined;
  readonly logPages: readonly LogPage[];
  readonly attentions: UnitAttentions;
  readonly alerts: TapeAlerts;
  readonly ports: DevicePorts;
  /** Of the control mode page. */
  readonly control: ControlParameters;
  /** Of the informational exceptions control mode page. */
  readonly exceptions: ExceptionParameters;
  readonly primary: PrimaryState;
  readonly persistentReservations: PersistentReservations;
  /** The nexus that holds the reservation of RESERVE(6) or RESERVE(10). */
  reservedBy: Nexus | undefined;
  /** Ends the commands that wait in the queue, of the nexuses meant. */
  abortQueued(isMeant: (nexus: Nexus) => boolean): void;
  /** The nexuses that prevent medium removal. */
  readonly preventing: Set<Nexus>;
  /** Takes the deferred error waiting for this nexus, as sense data. */
  takeDeferredError(nexus: Nexus): Uint8Array | undefined;
  /** Sense data of what the unit is busy with, for REQUEST SENSE when no condition waits. */
  currentCondition?(): Uint8Array | undefined;
  /**
   * Where the medium stands and what it holds, as a text to compare: a nexus that was away goes on only from where it left.
   * Undefined: there is nothing to go on from.
   */
  whereabouts?(): string | undefined;
  /** Runs after MODE SELECT (`call`) changed something; a completion replaces GOOD. */
  modeParametersApplied(call: Call): MaybePromise<Completion | undefined>;
  /** The command that runs was taken away: what it waits for need not hold up the next. */
  commandAborted?(): void;
  /** Forgets what belongs to one nexus or, on a reset, what a reset takes back. */
  nexusLost(nexus: Nexus): void;
  /** A nexus is back that may not have had the last answers to it. */
  answersLost?(nexus: Nexus): void;
  reset(): void;
  /** The reservation of a nexus is over or has another holder, by a command or the loss of `by`; told after it went. */
  reservationLost?(preempted: boolean, by: Nexus): void;
}
