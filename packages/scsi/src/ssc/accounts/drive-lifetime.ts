/**
 * What a drive counts over its life, whatever cartridge is in it. The totals are put into the drive's store when a
 * cartridge comes or goes; losing the latest to a crash is no harm, so nothing waits for the store.
 */
import type { DevicePorts } from "../../device-ports.ts";
import type { MountStatistics } from "./mount-statistics.ts";

const newLifetime = {
  volumeLoads: 0,
  cleaningOperations: 0,
  powerCycles: 0,
  powerOnMs: 0,
  bytesWritten: 0,
  bytesRead: 0,
  /** MEDIUM ERROR or HARDWARE ERROR told for a write, for a read. */
  writeErrors: 0,
  readErrors: 0,
};

export type DriveLifetime = Readonly<typeof newLifetime>;

/** The name of the totals in the drive's store. */
export const lifetimeName = "lifetime";

const millisecondsPerHour = 3_600_000;
export const powerOnHours = ({ powerOnMs }: DriveLifetime): number =>
  Math.floor(powerOnMs / millisecondsPerHour);

/** What was kept; counters that an older version did not keep, or that are no counts, begin at zero. */
function parseLifetime(text: string | undefined): DriveLifetime {
  const lifetime = { ...newLifetime };
  const kept: unknown = text === undefined ? {} : JSON.parse(text);
  for (const [name, value] of Object.entries(kept ?? {})) {
    if (Object.hasOwn(newLifetime, name) && Number.isSafeInteger(value) && value >= 0) {
      Object.assign(lifetime, { [name]: value });
    }
  }
  return lifetime;
}

export class DriveAccount {
  readonly #ports: DevicePorts;
  readonly #startedMs: number;
  /** Without the present mount and the time since the start. */
  #before: DriveLifetime;

  /** Made when the drive is: a power cycle. */
  constructor(ports: DevicePorts) {
    this.#ports = ports;
    this.#startedMs = ports.nowMs();
    const kept = parseLifetime(ports.store.get(lifetimeName));
    this.#before = { ...kept, powerCycles: kept.powerCycles + 1 };
  }

  /** With what the present mount has counted. */
  lifetime(mount: MountStatistics): DriveLifetime {
    const before = this.#before;
    return {
      ...before,
      powerOnMs: before.powerOnMs + Math.max(0, this.#ports.nowMs() - this.#startedMs),
      bytesWritten: before.bytesWritten + mount.bytesWritten,
      bytesRead: before.bytesRead + mount.bytesRead,
      writeErrors: before.writeErrors + mount.writeErrors,
      readErrors: before.readErrors + mount.readErrors,
    };
  }

  cleaned(): void {
    this.#before = { ...this.#before, cleaningOperations: this.#before.cleaningOperations + 1 };
  }

  /** A cartridge has come; `mount` is its account, still empty. */
  volumeLoaded(mount: MountStatistics): void {
    this.#before = { ...this.#before, volumeLoads: this.#before.volumeLoads + 1 };
    this.#keep(mount);
  }

  /** The cartridge goes, and its account is added to the drive's. */
  mountEnded(mount: MountStatistics): void {
    this.#keep(mount);
    const { powerOnMs } = this.#before;
    this.#before = { ...this.lifetime(mount), powerOnMs };
  }

  #keep(mount: MountStatistics): void {
    const kept = this.#ports.store.put(lifetimeName, JSON.stringify(this.lifetime(mount)));
    // A store that fails says so itself; the totals stay here and are put again with the next cartridge.
    if (kept instanceof Promise) kept.catch(() => undefined);
  }
}
