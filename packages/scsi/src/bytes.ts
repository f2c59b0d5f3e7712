/** Big-endian fields, ASCII fields and lists of parts, as SPC-5 lays out parameter data. */
import assert from "node:assert/strict";

/** `value` in `width` bytes, most significant first. */
export function be(value: number | bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  let rest = BigInt(value);
  assert(rest >= 0n && rest < 1n << BigInt(8 * width), `${value} does not fit ${width} bytes`);
  for (let index = width - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** Reads `width` (at most 6) bytes at `offset`, most significant first. */
export function readBe(bytes: Uint8Array, offset: number, width: number): number {
  let value = 0;
  for (let index = offset; index < offset + width; index++) value = value * 256 + bytes[index]!;
  return value;
}

/** Left-aligned ASCII, padded with spaces (SPC-5 4.3.1) and cut to `width`. */
export function ascii(text: string, width: number): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice(0, width).padEnd(width), "latin1"));
}

/** The same as a Buffer over the same bytes: what `join` made is nobody else's. */
export function joinBuffer(...parts: readonly (number | Uint8Array)[]): Buffer {
  const bytes = join(...parts);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** One array of all the parts; numbers are single bytes. For parameter data only, never for blocks. */
export function join(...parts: readonly (number | Uint8Array)[]): Uint8Array {
  const length = parts.reduce<number>(
    (sum, part) => sum + (typeof part === "number" ? 1 : part.length),
    0,
  );
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    if (typeof part === "number") bytes[offset++] = part;
    else {
      bytes.set(part, offset);
      offset += part.length;
    }
  }
  return bytes;
}
