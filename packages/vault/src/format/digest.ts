/** Running length, CRC-32C (native) and SHA-256 of bytes as they pass. */
import { createHash } from "node:crypto";
import { crc32c } from "@node-rs/crc32";

const CRC_HEX_DIGITS = 8;

export interface Digest {
  readonly byteLength: number;
  /** 8 hexadecimal digits. */
  readonly crc32c: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

export interface RunningDigest {
  update(bytes: Uint8Array): void;
  finish(): Digest;
}

export const createDigest = (): RunningDigest => {
  const sha256 = createHash("sha256");
  let crc = 0;
  let byteLength = 0;
  return {
    update(bytes) {
      sha256.update(bytes);
      // The library takes Buffers; this is a view, not a copy.
      crc = crc32c(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), crc);
      byteLength += bytes.length;
    },
    finish: () => ({
      byteLength,
      crc32c: crc.toString(16).padStart(CRC_HEX_DIGITS, "0"),
      sha256: sha256.digest("hex"),
    }),
  };
};

/** S3 writes checksums as base64 of the big-endian bytes; we write hexadecimal. */
export const hexToBase64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
export const base64ToHex = (base64: string): string =>
  Buffer.from(base64, "base64").toString("hex");
