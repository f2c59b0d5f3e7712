/** The checksums S3 knows, computed as bytes pass. Values are base64 of big-endian bytes, as S3 writes them. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { crc32c } from "@node-rs/crc32";

export interface RunningChecksum {
  update(bytes: Buffer): void;
  finish(): string;
}

const uint32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString("base64");
};

const crc = (step: (bytes: Buffer, value: number) => number) => (): RunningChecksum => {
  let value = 0;
  return {
    update(bytes) {
      value = step(bytes, value);
    },
    finish: () => uint32(value),
  };
};

const digest = (name: string) => (): RunningChecksum => {
  const hash = createHash(name);
  return {
    update(bytes) {
      hash.update(bytes);
    },
    finish: () => hash.digest("base64"),
  };
};

/** CRC-64/NVME, reflected polynomial 0x9a6c9329ac4bc9b5, a byte at a time in two 32-bit halves. */
const CRC64_TABLE = (() => {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1)
      value = (value & 1n) === 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    high[byte] = Number(value >> 32n);
    low[byte] = Number(value & 0xffffffffn);
  }
  return { high, low };
})();

const crc64nvme = (): RunningChecksum => {
  let high = 0xffff_ffff;
  let low = 0xffff_ffff;
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ CRC64_TABLE.low[index]!;
        high = (high >>> 8) ^ CRC64_TABLE.high[index]!;
      }
    },
    finish() {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(~high >>> 0, 0);
      bytes.writeUInt32BE(~low >>> 0, 4);
      return bytes.toString("base64");
    },
  };
};

export const CHECKSUMS = {
  crc32: crc((bytes, value) => crc32(bytes, value)),
  crc32c: crc((bytes, value) => crc32c(bytes, value)),
  crc64nvme,
  sha1: digest("sha1"),
  sha256: digest("sha256"),
} as const satisfies Record<string, () => RunningChecksum>;
export type ChecksumName = keyof typeof CHECKSUMS;
export type Checksums = Partial<Record<ChecksumName, string>>;

export const isChecksumName = (name: string): name is ChecksumName =>
  Object.hasOwn(CHECKSUMS, name);

export const checksumHeader = (name: ChecksumName): string => `x-amz-checksum-${name}`;

export const checksumNames: readonly ChecksumName[] = Object.keys(CHECKSUMS).filter(isChecksumName);

/** `x-amz-checksum-…` headers of what is stored. */
export const checksumHeaders = (checksums: Checksums): Record<string, string> =>
  Object.fromEntries(
    Object.entries(checksums)
      .filter(([name]) => isChecksumName(name))
      .map(([name, value]) => [`x-amz-checksum-${name}`, value]),
  );
