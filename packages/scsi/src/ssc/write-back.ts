/**
 * Data that was answered with GOOD before it was stored (SSC-5 4.2.11): when it is stored, and who hears of it when it
 * could not be, as a deferred error where no command is left to be told.
 */
import type { Call } from "../call.ts";
import { chain } from "../maybe-promise.ts";
import { encodeSense } from "../sense.ts";
import { tapeAlert } from "../tape-alerts.ts";
import type { MaybePromise, Nexus } from "../task.ts";
import type { Medium, MediumFault, WriteResult } from "./medium.ts";
import { keepAccount } from "./accounts/mount-record.ts";
import type { TapeDrive } from "./tape-drive.ts";

type Drive = Pick<TapeDrive, "alerts" | "logicalUnit" | "mount" | "statistics">;

export class WriteBack {
  readonly #drive: Drive;
  #unsynchronized = false;
  #lastWriter: Nexus | undefined;
  /** Sense data that waits for the nexus that wrote last, or for anyone when that is gone. */
  #deferredError: Uint8Array | undefined;
  /** The deferred error that the last command of a nexus was answered with. */
  #told: { readonly nexus: Nexus; readonly sense: Uint8Array } | undefined;

  constructor(drive: Drive) {
    this.#drive = drive;
  }

  /** There is data in the medium's buffer that no synchronize has covered. */
  get hasUnsynchronizedData(): boolean {
    return this.#unsynchronized;
  }

  markWritten(nexus: Nexus): void {
    this.#unsynchronized = true;
    this.#lastWriter = nexus;
    this.#drive.mount.markWritten();
  }

  /**
   * All that was written is on stable storage when it says "written". A failure is told once: by the command `call`,
   * or as a deferred error when that was aborted meanwhile and tells nobody. Undefined: whoever asked tells it.
   */
  synchronize(medium: Medium, call: Call | undefined): MaybePromise<WriteResult> {
    if (!this.#unsynchronized) return { kind: "written" };
    this.#unsynchronized = false;
    // The change reference is there before data that hosts may count on.
    return this.#drive.mount.isDue
      ? chain(keepAccount(this.#drive, medium), () => this.#store(medium, call))
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

  /** Data that was answered with GOOD was lost after all: the nexus that wrote it hears so with its next command. */
  deferWriteError(): void {
    this.#deferredError = encodeSense("writeError", { deferred: true });
    this.#drive.statistics.writeErrors++;
    this.#drive.alerts.raise(tapeAlert.writeFailure);
  }

  takeDeferredError(nexus: Nexus): Uint8Array | undefined {
    // Who sends another command has the answer to the one before.
    if (this.#told?.nexus === nexus) this.#told = undefined;
    const sense = this.#deferredError;
    if (sense === undefined) return undefined;
    const writer = this.#lastWriter;
    // With its writer gone, a deferred error is for whoever comes next.
    const isGone = writer === undefined || !this.#drive.logicalUnit.hasNexus(writer);
    if (!isGone && writer !== nexus) return undefined;
    this.#deferredError = undefined;
    this.#told = { nexus, sense };
    return sense;
  }

  /** The last answers to a nexus may not have come: what it was told there is to be told again. */
  answersLost(nexus: Nexus): void {
    if (this.#told?.nexus !== nexus) return;
    this.#deferredError ??= this.#told.sense;
    this.#told = undefined;
  }

  /** What an eject is refused with: it tells the failure to store, now or earlier, of which no host has heard. */
  ejectFault(stored: WriteResult): MediumFault | undefined {
    const isFault = stored.kind === "fault";
    if (isFault && stored.fault === "full") return stored;
    const wasDeferred = this.#deferredError !== undefined;
    this.#deferredError = undefined;
    if (isFault) return stored;
    if (!wasDeferred) return undefined;
    return { kind: "fault", fault: "write", reason: "data written before could not be stored" };
  }

  /** Another cartridge, or none: who was to hear of a failure belonged to the one before. */
  forget(): void {
    this.#deferredError = undefined;
    this.#told = undefined;
    this.#lastWriter = undefined;
  }

  nexusLost(nexus: Nexus): void {
    if (this.#lastWriter === nexus) this.#lastWriter = undefined;
  }
}
