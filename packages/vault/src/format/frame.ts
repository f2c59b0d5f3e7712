/**
 * One frame: 4-byte prefix, AES-256-GCM ciphertext, 16-byte tag. Nonces are STREAM's (Hoang, Reyhanitabar, Rogaway,
 * Vizár 2015): 7-byte prefix, 32-bit counter, 1 byte that says what the frame is.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { VaultError } from "../errors.ts";
import type { SegmentKey } from "./subkey.ts";

export const TAG_BYTES = 16;
export const FRAME_PREFIX_BYTES = 4;
const NONCE_BYTES = 12;
const COUNTER_OFFSET = 7;
const KIND_OFFSET = 11;
const COMPRESSED_BIT = 0x8000_0000;

/** The last byte of the nonce. */
export const FRAME_KIND = { inner: 0, final: 1, index: 2 } as const;
export type FrameKind = keyof typeof FRAME_KIND;

export interface FramePrefix {
  readonly compressed: boolean;
  readonly ciphertextBytes: number;
}

export const encodePrefix = (prefix: FramePrefix): number =>
  (prefix.ciphertextBytes | (prefix.compressed ? COMPRESSED_BIT : 0)) >>> 0;

export const decodePrefix = (word: number): FramePrefix => ({
  compressed: (word & COMPRESSED_BIT) !== 0,
  ciphertextBytes: word & ~COMPRESSED_BIT,
});

const nonce = (key: SegmentKey, counter: number, kind: FrameKind): Buffer => {
  const bytes = Buffer.alloc(NONCE_BYTES);
  key.noncePrefix.copy(bytes);
  bytes.writeUInt32BE(counter, COUNTER_OFFSET);
  bytes.writeUInt8(FRAME_KIND[kind], KIND_OFFSET);
  return bytes;
};

export interface FramePlace {
  readonly key: SegmentKey;
  /** SHA-256 of the header: ties the frame to all the header says. */
  readonly headerHash: Buffer;
  readonly counter: number;
  readonly kind: FrameKind;
}

/** Encrypts `body` into `into` (exactly as long) and its tag behind it. `associated` is authenticated besides. */
export const sealFrame = (
  place: FramePlace,
  associated: Uint8Array,
  body: Uint8Array,
  into: Buffer,
): void => {
  const cipher = createCipheriv(
    "aes-256-gcm",
    place.key.key,
    nonce(place.key, place.counter, place.kind),
  );
  cipher.setAAD(place.headerHash).setAAD(associated);
  into.set(cipher.update(body), 0);
  cipher.final();
  into.set(cipher.getAuthTag(), body.length);
};

/** The plaintext, or OBJECT_DAMAGED; nothing unauthenticated leaves this function. */
export const openFrame = (
  place: FramePlace,
  associated: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Buffer => {
  const decipher = createDecipheriv(
    "aes-256-gcm",
    place.key.key,
    nonce(place.key, place.counter, place.kind),
    { authTagLength: TAG_BYTES },
  );
  decipher.setAAD(place.headerHash).setAAD(associated).setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
  } catch {
    throw new VaultError("OBJECT_DAMAGED", `${place.kind} frame ${place.counter}`);
  }
  return plaintext;
};
