/** Methods of logical block protection (SSC-5 8.4.9): how the four bytes after a block are made of it. */
import { crc32c } from "@node-rs/crc32";
import { reedSolomonCrc } from "./reed-solomon-crc.ts";

/** LOGICAL BLOCK PROTECTION METHOD. */
export const protectionMethod = { none: 0, reedSolomonCrc: 1, crc32c: 2 } as const;
export type ProtectionMethod = (typeof protectionMethod)[keyof typeof protectionMethod];

/** LOGICAL BLOCK PROTECTION INFORMATION LENGTH of both methods. */
export const informationLength = 4;

/** The protection information of a block. */
export type Guard = (block: readonly Uint8Array[]) => Buffer;

/** The highest byte first (ECMA-319 annex D). */
const reedSolomonGuard: Guard = (block) => {
  const guard = Buffer.alloc(informationLength);
  guard.writeUInt32BE(block.reduce((crc, view) => reedSolomonCrc(view, crc), 0));
  return guard;
};

/** The lowest byte first, as iSCSI sends its digests. */
const crc32cGuard: Guard = (block) => {
  const guard = Buffer.alloc(informationLength);
  guard.writeUInt32LE(block.reduce((crc, view) => crc32c(view, crc), 0));
  return guard;
};

export const guards: Readonly<Record<ProtectionMethod, Guard | undefined>> = {
  [protectionMethod.none]: undefined,
  [protectionMethod.reedSolomonCrc]: reedSolomonGuard,
  [protectionMethod.crc32c]: crc32cGuard,
};

export const isProtectionMethod = (value: number): value is ProtectionMethod => value in guards;
