/** Text of login and text PDUs: `key=value` pairs, each ended by a NUL (RFC 7143 6.1). */
import { type DataSegment, dataSegmentOf } from "./data-segment.ts";

export type TextPair = readonly [key: string, value: string];

/** RFC 7143 6.1: a key name has at most 63 characters. */
const KEY_PATTERN = /^[A-Za-z][A-Za-z0-9.\-+@_#]{0,62}$/;
/** RFC 7143 6.1: a value has at most 255 bytes unless its key says otherwise. */
const VALUE_BYTES_MAX = 255;
/** Keys of binary values of at most 1024 bytes (RFC 7143 12.1.3), in hexadecimal with its prefix. */
const BINARY_KEYS: ReadonlySet<string> = new Set(["CHAP_R", "CHAP_C"]);
const BINARY_VALUE_BYTES_MAX = 2 + 2 * 1024;

/** The data segment for the pairs, in their order. */
export function encodeText(pairs: readonly TextPair[]): DataSegment {
  const text = pairs.map(([key, value]) => `${key}=${value}\0`).join("");
  return dataSegmentOf(new TextEncoder().encode(text));
}

/** The pairs in `bytes`; undefined when they are not text of this form. */
export function decodeText(bytes: Uint8Array): TextPair[] | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined; // Not UTF-8 (RFC 7143 6.1): the caller answers as for any other bad text.
  }
  const pairs: TextPair[] = [];
  for (const part of text.split("\0")) {
    // Some initiators pad the last pair with NULs inside the segment.
    if (part === "") continue;
    const equals = part.indexOf("=");
    const key = part.slice(0, Math.max(equals, 0));
    const value = part.slice(equals + 1);
    const bytesMax = BINARY_KEYS.has(key) ? BINARY_VALUE_BYTES_MAX : VALUE_BYTES_MAX;
    if (!KEY_PATTERN.test(key) || Buffer.byteLength(value) > bytesMax) return undefined;
    pairs.push([key, value]);
  }
  return pairs;
}
