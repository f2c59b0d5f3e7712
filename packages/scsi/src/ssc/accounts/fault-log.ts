/** The last failures that a drive told as MEDIUM ERROR or HARDWARE ERROR, whatever the cartridge, for its log pages. */
import type { SenseName } from "../../sense.ts";
import type { TapeDrive } from "../tape-drive.ts";

export interface RecordedFault {
  readonly sense: SenseName;
  readonly barcode: string;
  readonly densityCode: number;
  readonly mediumType: number;
  /** Of the command that told it; undefined for what was found between commands. */
  readonly cdb: Uint8Array | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timeMs: number;
  /** How often it came in succession. */
  readonly count: number;
}

/** What an LTO drive's Tape Diagnostic Data log page has room for. */
const recordCountMax = 12;

const differs = (one: RecordedFault, other: RecordedFault): boolean =>
  one.sense !== other.sense || one.barcode !== other.barcode || one.cdb?.[0] !== other.cdb?.[0];

export class FaultLog {
  /** The latest first. */
  #records: readonly RecordedFault[] = [];

  get latest(): readonly RecordedFault[] {
    return this.#records;
  }

  record(fault: Omit<RecordedFault, "count">): void {
    const [before, ...earlier] = this.#records;
    const once = { ...fault, count: 1 };
    this.#records =
      before !== undefined && !differs(before, once)
        ? [{ ...before, count: before.count + 1 }, ...earlier]
        : [once, ...this.#records].slice(0, recordCountMax);
  }
}

/** Notes what a command tells, or what was found between commands. */
export function recordFault(
  drive: Pick<TapeDrive, "faults" | "logicalUnit" | "medium" | "ports" | "presentCartridge">,
  sense: SenseName,
): void {
  const { densityCode, mediumType } = drive.presentCartridge;
  drive.faults.record({
    sense,
    barcode: drive.medium?.barcode ?? "",
    densityCode,
    mediumType,
    cdb: drive.logicalUnit.runningCdb,
    timeMs: drive.ports.nowMs(),
  });
}
