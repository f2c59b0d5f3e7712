/** Command descriptor blocks (SPC-5 4.2): fields as T10 draws them, and commands as rows that state only their layout and effect. */
import assert from "node:assert/strict";
import type { Call } from "./call.ts";
import type { Completion, MaybePromise } from "./task.ts";
import type { ReservationRule } from "./reservation-rule.ts";
import { readBe } from "./bytes.ts";

/** A field of a CDB: where it lies, and how to read it. */
export interface CdbField<T> {
  /** ORs the bits this field occupies into the CDB USAGE DATA bitmap. */
  readonly mark: (usage: Uint8Array) => void;
  readonly read: (cdb: Uint8Array) => T;
}

/** A single-bit flag: `bit(1, 0)` is bit 0 of byte 1. */
export const bit = (byte: number, index: number): CdbField<boolean> => ({
  mark: (usage) => {
    usage[byte] = usage[byte]! | (1 << index);
  },
  read: (cdb) => ((cdb[byte]! >> index) & 1) === 1,
});

/** A field of `msb - lsb + 1` bits inside one byte. */
export const bits = (byte: number, msb: number, lsb: number): CdbField<number> => {
  const mask = (1 << (msb - lsb + 1)) - 1;
  return {
    mark: (usage) => {
      usage[byte] = usage[byte]! | (mask << lsb);
    },
    read: (cdb) => (cdb[byte]! >> lsb) & mask,
  };
};

const markBytes = (byte: number, width: number) => (usage: Uint8Array) => {
  usage.fill(0xff, byte, byte + width);
};

/** A big-endian unsigned integer of `width` bytes (at most 6, so it stays exact). */
export const uint = (byte: number, width: 1 | 2 | 3 | 4 | 6): CdbField<number> => ({
  mark: markBytes(byte, width),
  read: (cdb) => readBe(cdb, byte, width),
});

/** A big-endian two's complement integer of 3 or 8 bytes. Of 8 bytes the value is exact up to 2^53. */
export const int = (byte: number, width: 3 | 8): CdbField<number> => ({
  mark: markBytes(byte, width),
  read: (cdb) => {
    const high = (cdb[byte]! << 24) >> 24;
    let value = high;
    for (let index = byte + 1; index < byte + width; index++) value = value * 256 + cdb[index]!;
    return value;
  },
});

/** A big-endian unsigned integer of 8 bytes; the value is exact up to 2^53, which no medium reaches. */
export const uint64 = (byte: number): CdbField<number> => ({
  mark: markBytes(byte, 8),
  read: (cdb) => readBe(cdb, byte, 8),
});

export type CdbLayout = Readonly<Record<string, CdbField<unknown>>>;
export type Cdb<L extends CdbLayout> = {
  readonly [F in keyof L]: L[F] extends CdbField<infer T> ? T : never;
};

export type DataDirection = "none" | "in" | "out";

export interface CommandRow {
  /** T10's name. */
  readonly name: string;
  readonly opcode: number;
  /** SERVICE ACTION, in bits 4 to 0 of byte 1; the operation code then has no command without one. */
  readonly serviceAction?: number;
  /** Of a vendor-specific operation code, whose group says no length. */
  readonly cdbLength?: number;
  readonly direction: DataDirection;
  /** "ignored": served though a unit attention is pending, which stays pending (SAM-5 5.14). Default "reported". */
  readonly unitAttention?: "ignored";
  /** What reservations of others do to it. Default "conflict". */
  readonly reservation?: ReservationRule;
  /** Recommended command timeout in seconds, when longer than `commandTimeoutSeconds`. */
  readonly timeoutSeconds?: number;
}

export interface Command<D, L extends CdbLayout = CdbLayout> extends CommandRow {
  readonly cdb: L;
  readonly execute: (device: D, cdb: Cdb<L>, call: Call) => MaybePromise<Completion>;
}

export interface BoundCommand<D> extends CommandRow {
  readonly length: number;
  /** Names of the CDB's fields, as the standard has them. */
  readonly fields: readonly string[];
  /** CDB USAGE DATA: the bits the device server evaluates; all others must be zero. */
  readonly usage: Uint8Array;
  readonly run: (device: D, call: Call) => MaybePromise<Completion>;
}

/** Bytes in a CDB by the group code of its operation code (SPC-5 4.2.5.1); 0: no length is given by the group. */
const lengthByGroup = [6, 10, 10, 0, 16, 12, 0, 0] as const;

/** What RCTD reports where a command names nothing else: no command but positioning and recall waits for more than a disk. */
export const commandTimeoutSeconds = 60;

/** Derives length, usage bits and decoding from the layout. */
export function defineCommand<D, const L extends CdbLayout>(
  command: Command<D, L>,
): BoundCommand<D> {
  const { cdb: layout, execute, ...row } = command;
  const length = command.cdbLength ?? lengthByGroup[command.opcode >> 5]!;
  assert(length > 0, `${command.name}: operation code without a length`);
  const usage = new Uint8Array(length);
  const fields = Object.entries(layout);
  for (const [, field] of fields) field.mark(usage);
  assert(
    usage[0] === 0 && usage[length - 1] === 0,
    `${command.name}: field over opcode or control`,
  );
  usage[0] = command.opcode;
  usage[1]! |= command.serviceAction ?? 0;
  const decode = (cdb: Uint8Array): Cdb<L> => {
    const decoded: Record<string, unknown> = {};
    for (const [name, field] of fields) decoded[name] = field.read(cdb);
    // The record was filled from the very layout the type is computed from.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return decoded as Cdb<L>;
  };
  const names = fields.map(([name]) => name);
  return {
    ...row,
    length,
    fields: names,
    usage,
    run: (device, call) => execute(device, decode(call.cdb), call),
  };
}

/** Commands sorted by operation code and service action, as they are listed to hosts and readers. */
export function inOrder<D>(commands: readonly BoundCommand<D>[]): readonly BoundCommand<D>[] {
  return [...commands].sort(
    (one, other) =>
      one.opcode - other.opcode || (one.serviceAction ?? 0) - (other.serviceAction ?? 0),
  );
}
