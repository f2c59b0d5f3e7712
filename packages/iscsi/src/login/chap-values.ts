/** CHAP's arithmetic (RFC 1994 4, RFC 7143 12.1.3): algorithms, responses, and binary values in text. */
import { createHash, timingSafeEqual } from "node:crypto";

/** CHAP_A numbers by strength, the strongest first: what we choose of an initiator's list (IANA "PPP Authentication Algorithms"). */
export const chapAlgorithms = [
  { number: 8, hash: "sha3-256" },
  { number: 7, hash: "sha256" },
  { number: 6, hash: "sha1" },
  { number: 5, hash: "md5" },
] as const;
export type ChapAlgorithm = (typeof chapAlgorithms)[number];

/** RFC 7143 12.1.3: binary values of CHAP have at most 1024 bytes. */
export const BINARY_BYTES_MAX = 1024;

/** The strongest we know of a CHAP_A list such as "5,7"; undefined when there is none. */
export function chooseAlgorithm(list: string): ChapAlgorithm | undefined {
  const offered = new Set(list.split(","));
  return chapAlgorithms.find(({ number }) => offered.has(String(number)));
}

/** CHAP_R: the hash over identifier, secret and challenge (RFC 1994 4.1). */
export function chapResponse(
  { hash }: ChapAlgorithm,
  identifier: number,
  secret: Uint8Array,
  challenge: Uint8Array,
): Uint8Array {
  return createHash(hash)
    .update(Uint8Array.of(identifier))
    .update(secret)
    .update(challenge)
    .digest();
}

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

const HEX = /^0[xX](?:[0-9a-fA-F]{2})+$/;
const BASE64 = /^0[bB](?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A large-binary-value (RFC 7143 6.1): hexadecimal or base64; undefined when it is neither, empty or too long. */
export function parseBinary(text: string): Uint8Array | undefined {
  const digits = text.slice(2);
  const bytes = HEX.test(text)
    ? Buffer.from(digits, "hex")
    : BASE64.test(text)
      ? Buffer.from(digits, "base64")
      : undefined;
  return bytes === undefined || bytes.length === 0 || bytes.length > BINARY_BYTES_MAX
    ? undefined
    : bytes;
}

export const formatBinary = (bytes: Uint8Array): string =>
  `0x${Buffer.from(bytes).toString("hex")}`;
