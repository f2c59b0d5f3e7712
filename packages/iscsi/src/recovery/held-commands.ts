/**
 * Commands that came before their turn, at ErrorRecoveryLevel 1: one before them was damaged and is to come again
 * (RFC 7143 4.2.2.1, 7.8). Bounded by the command window, as what lies outside it is dropped.
 */
import type { RawPdu } from "../pdu/codec.ts";
import { bytes, copyOf, uint32 } from "../pdu/fields.ts";

const lun = bytes(8, 8);
const initiatorTaskTag = uint32(16);

export class HeldCommands {
  readonly #byCmdSN = new Map<number, RawPdu>();

  /** Keeps a command until its turn. A duplicate is dropped. */
  hold(cmdSN: number, raw: RawPdu): void {
    if (this.#byCmdSN.has(cmdSN)) return;
    raw.data.retain();
    this.#byCmdSN.set(cmdSN, { ...raw, bhs: copyOf(raw.bhs), ahs: copyOf(raw.ahs) });
  }

  /** The command whose turn it is, if it is here; its data is the caller's to release. */
  take(cmdSN: number): RawPdu | undefined {
    const raw = this.#byCmdSN.get(cmdSN);
    this.#byCmdSN.delete(cmdSN);
    return raw;
  }

  /** Drops the command of that number when it is one that is meant; false when it is another. */
  abort(cmdSN: number, isMeant: (initiatorTaskTag: number, lun: Uint8Array) => boolean): boolean {
    const raw = this.#byCmdSN.get(cmdSN);
    if (raw === undefined) return true;
    if (!isMeant(initiatorTaskTag.read(raw.bhs), lun.read(raw.bhs))) return false;
    this.take(cmdSN)?.data.release();
    return true;
  }

  end(): void {
    for (const raw of this.#byCmdSN.values()) raw.data.release();
    this.#byCmdSN.clear();
  }
}
