/** Fields of a Basic Header Segment: where a value stands, how wide it is, how it is read and written (big-endian). */

/** One field. `valueMax` is the largest number that fits, or the length in bytes of a byte string. */
export interface Field<T> {
  readonly kind: "number" | "flag" | "bytes";
  readonly offset: number;
  readonly valueMax: number;
  read(header: Uint8Array): T;
  write(header: Uint8Array, value: T): void;
}

/** The layout of one PDU: field name to field. */
export type FieldTable = Readonly<Record<string, Field<unknown>>>;

/** The values of a layout. */
export type Values<F extends FieldTable> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

function uint(offset: number, width: number): Field<number> {
  return {
    kind: "number",
    offset,
    valueMax: 2 ** (8 * width) - 1,
    read(header) {
      let value = 0;
      for (let index = 0; index < width; index += 1) {
        value = value * 256 + (header[offset + index] ?? 0);
      }
      return value;
    },
    write(header, value) {
      let rest = value;
      for (let index = width - 1; index >= 0; index -= 1) {
        header[offset + index] = rest & 0xff;
        rest = Math.floor(rest / 256);
      }
    },
  };
}

/** One byte. */
export const uint8 = (offset: number): Field<number> => uint(offset, 1);
/** Two bytes. */
export const uint16 = (offset: number): Field<number> => uint(offset, 2);
/** Three bytes. */
export const uint24 = (offset: number): Field<number> => uint(offset, 3);
/** Four bytes. */
export const uint32 = (offset: number): Field<number> => uint(offset, 4);

/** `width` bits of the byte at `offset`, the lowest of them at bit `shift`. */
export function bits(offset: number, shift: number, width: number): Field<number> {
  const valueMax = 2 ** width - 1;
  return {
    kind: "number",
    offset,
    valueMax,
    read: (header) => ((header[offset] ?? 0) >> shift) & valueMax,
    write(header, value) {
      header[offset] = ((header[offset] ?? 0) & ~(valueMax << shift)) | (value << shift);
    },
  };
}

/** Bit `bit` of the byte at `offset`, counted as T10 does: 7 is the highest. */
export function flag(offset: number, bit: number): Field<boolean> {
  const mask = 1 << bit;
  return {
    kind: "flag",
    offset,
    valueMax: 1,
    read: (header) => ((header[offset] ?? 0) & mask) !== 0,
    write(header, value) {
      header[offset] = value ? (header[offset] ?? 0) | mask : (header[offset] ?? 0) & ~mask;
    },
  };
}

/** A copy of `view`. Not `view.slice()`: a transport may lend a Buffer, whose slice is a view of the same memory. */
export const copyOf = (view: Uint8Array): Uint8Array => new Uint8Array(view);

/** `length` bytes as they are. Reading copies them: they outlive the receive slab. */
export function bytes(offset: number, length: number): Field<Uint8Array> {
  return {
    kind: "bytes",
    offset,
    valueMax: length,
    read: (header) => copyOf(header.subarray(offset, offset + length)),
    write: (header, value) => header.set(value.subarray(0, length), offset),
  };
}
