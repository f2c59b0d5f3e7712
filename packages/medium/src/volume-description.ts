/** The figures of a volume, from sums that are kept as they change. */
import type { Manifest } from "./manifest.ts";
import type { VolumeFile } from "./volume-file.ts";

export interface VolumeDescription {
  readonly barcode: string;
  readonly uuid: string;
  readonly generation: number;
  readonly capacityBytes: number;
  readonly worm: boolean;
  readonly pool: string | null;
  readonly writeProtected: boolean;
  readonly createdAt: string;
  readonly wrappedKey: unknown;
  readonly objects: number;
  readonly filemarks: number;
  readonly segments: number;
  /** Medium bytes between BOP and end of data, record headers included. */
  readonly usedBytes: number;
  /** Of those: with a receipt; on this disk; without a receipt. */
  readonly uploadedBytes: number;
  readonly cachedBytes: number;
  readonly pendingBytes: number;
  /** What the files take on this disk: those that must stay, and those that may be evicted. */
  readonly diskPendingBytes: number;
  readonly diskCleanBytes: number;
}

export const describeVolume = (file: VolumeFile, manifest: Manifest): VolumeDescription => {
  const { open, sealed, uploaded, evicted, recalling, lost } = manifest.sums;
  const { barcode, uuid, generation, capacityBytes, worm, pool } = file;
  const { writeProtected, createdAt, wrappedKey } = file;
  return {
    barcode,
    uuid,
    generation,
    capacityBytes,
    worm,
    pool,
    writeProtected,
    createdAt,
    wrappedKey,
    objects: manifest.endObject,
    filemarks: manifest.endFilemark,
    segments: manifest.segments.length,
    usedBytes: manifest.endByte,
    uploadedBytes: uploaded.usedBytes + evicted.usedBytes + recalling.usedBytes,
    cachedBytes: open.usedBytes + sealed.usedBytes + uploaded.usedBytes,
    pendingBytes: open.usedBytes + sealed.usedBytes + lost.usedBytes,
    diskPendingBytes: open.fileBytes + sealed.fileBytes,
    diskCleanBytes: uploaded.fileBytes,
  };
};
