/**
 * The account of one cartridge in the drive: what this mount counts, and the volume's history before it. It is kept with
 * the volume at load, at eject, and before data is stored when the change reference is new or much has been written.
 */
import { ascii } from "../../bytes.ts";
import type { Identity } from "../../device.ts";
import { chain } from "../../maybe-promise.ts";
import { tapeAlert } from "../../tape-alerts.ts";
import type { MaybePromise } from "../../task.ts";
import type { Medium, MediumAttribute, WriteResult } from "../medium.ts";
import { type MountStatistics, countedSince, newMountStatistics } from "./mount-statistics.ts";
import type { TapeDrive } from "../tape-drive.ts";
import {
  type VolumeHistory,
  decodeHistory,
  encodeHistory,
  newVolumeHistory,
  nextChangeReference,
  withMount,
} from "./volume-history.ts";

/** DEVICE VENDOR/SERIAL NUMBER AT LAST LOAD, and at the three loads before it. */
export const lastDrivesIdentifiers = [0x020a, 0x020b, 0x020c, 0x020d] as const;
const vendorLength = 8;
const serialNumberLength = 32;

/** Between two records of how much was written: what a crash may leave uncounted. */
const unkeptBytesMax = 8 * 1024 ** 3;

export class MountRecord {
  readonly statistics: MountStatistics = newMountStatistics();
  /** The four drives the volume was in last, this one first. */
  readonly lastDrives: readonly MediumAttribute[];
  #history: VolumeHistory;
  readonly #counterBases = new Map<number, MountStatistics>();
  #changeDue = true;
  #changeUnkept = false;
  #hasWritten = false;
  #keptBytesWritten = 0;

  constructor(medium: Medium | undefined, identity: Identity) {
    const attributes = medium?.attributes(0) ?? [];
    const before = decodeHistory(attributes) ?? newVolumeHistory;
    this.#history = { ...before, loads: before.loads + 1 };
    this.lastDrives = lastDrivesOf(attributes, identity);
  }

  /** With this mount counted in. */
  get history(): VolumeHistory {
    return withMount(this.#history, this.statistics);
  }

  /** What the counters of a log page show: everything since the load, or since LOG SELECT set them to zero. */
  countersOf(pageCode: number): MountStatistics {
    return countedSince(this.statistics, this.#counterBases.get(pageCode) ?? newMountStatistics());
  }

  resetCountersOf(pageCode: number): void {
    this.#counterBases.set(pageCode, { ...this.statistics });
  }

  /** Something was written: the first time after a load, or after a host has seen the change reference, that changes. */
  markWritten(): void {
    if (!this.#changeDue) return;
    this.#changeDue = false;
    this.#changeUnkept = true;
    const { writeLoads, volumeChangeReference } = this.#history;
    this.#history = {
      ...this.#history,
      writeLoads: writeLoads + (this.#hasWritten ? 0 : 1),
      volumeChangeReference: nextChangeReference(volumeChangeReference),
    };
    this.#hasWritten = true;
  }

  countFormat(): void {
    this.#history = { ...this.#history, formats: this.#history.formats + 1 };
  }

  /** A host has seen the change reference and may keep it: what is written from now on must change it. */
  changeReferenceSeen(): void {
    this.#changeDue = true;
  }

  /** To be kept before data is stored. */
  get isDue(): boolean {
    const unkeptBytes = this.statistics.bytesWritten - this.#keptBytesWritten;
    return this.#changeUnkept || unkeptBytes >= unkeptBytesMax;
  }

  /** Durable with the volume when it says "written". */
  keep(medium: Medium): MaybePromise<WriteResult> {
    const { bytesWritten } = this.statistics;
    const attributes = [...this.lastDrives, encodeHistory(this.history)];
    return chain(medium.writeAttributes(0, attributes), (result) => {
      if (result.kind === "fault") return result;
      this.#changeUnkept = false;
      this.#keptBytesWritten = bytesWritten;
      return result;
    });
  }
}

/** A memory that cannot be written is complained of and holds nothing up: the counts are a volume's, not its data. */
export function keepAccount(
  { mount, alerts }: Pick<TapeDrive, "mount" | "alerts">,
  medium: Medium,
): MaybePromise<void> {
  return chain(mount.keep(medium), (kept) => {
    if (kept.kind === "written") return;
    alerts.raise(tapeAlert.memoryChipFailure);
    alerts.raise(tapeAlert.lostStatistics);
  });
}

function lastDrivesOf(
  attributes: readonly MediumAttribute[],
  { vendor, serialNumber }: Identity,
): readonly MediumAttribute[] {
  const before = lastDrivesIdentifiers.flatMap(
    (identifier) => attributes.find((each) => each.identifier === identifier)?.value ?? [],
  );
  const present = new Uint8Array([
    ...ascii(vendor, vendorLength),
    ...ascii(serialNumber, serialNumberLength),
  ]);
  return [present, ...before]
    .slice(0, lastDrivesIdentifiers.length)
    .map((value, index) => ({ identifier: lastDrivesIdentifiers[index]!, format: 1, value }));
}
