/** volume.json: what a volume is, apart from what is on it; and the names of its folders and files. */
import { randomUUID } from "node:crypto";
import type { Disk } from "./disk.ts";
import { replaceFile } from "./replace-file.ts";
import type { NewVolume } from "./volume-options.ts";

export interface VolumeFile {
  readonly format: "reelhouse-volume";
  readonly version: 1;
  readonly barcode: string;
  readonly uuid: string;
  readonly capacityBytes: number;
  readonly worm: boolean;
  readonly pool: string | null;
  /** Changes with every overwrite from BOP; only the folder of this generation counts. */
  readonly generation: number;
  readonly writeProtected: boolean;
  /** As KMS wrapped it; opaque here. */
  readonly wrappedKey: unknown;
  readonly createdAt: string;
  /** In order of partition and identifier; left out where there are none. */
  readonly attributes?: readonly StoredAttribute[];
}

/** A medium auxiliary memory attribute (SPC-5 7.4). */
export interface StoredAttribute {
  readonly partition: number;
  readonly identifier: number;
  readonly format: 0 | 1 | 2;
  /** Base64. */
  readonly value: string;
}

/** What volume.json says of a new volume. */
export const newVolumeFile = (volume: NewVolume): VolumeFile => {
  const { barcode, capacityBytes, worm, pool, createdAt, uuid = randomUUID() } = volume;
  return {
    format: "reelhouse-volume",
    version: 1,
    barcode,
    uuid,
    capacityBytes,
    worm,
    pool,
    generation: 1,
    writeProtected: false,
    wrappedKey: null,
    createdAt,
  };
};

const digits = 8;

export const volumeDirectory = (root: string, barcode: string): string => `${root}/${barcode}`;
export const generationDirectory = (root: string, barcode: string, generation: number): string =>
  `${root}/${barcode}/g${generation}`;
export const partitionDirectory = (
  root: string,
  barcode: string,
  generation: number,
  partition: number,
): string => `${generationDirectory(root, barcode, generation)}/p${partition}`;
export const segmentFileName = (number: number): string =>
  `${String(number).padStart(digits, "0")}.segment`;

/** The number in a segment file's name; undefined for any other name. */
export const segmentFileNumber = (name: string): number | undefined => {
  const match = /^(\d{8})\.segment$/.exec(name);
  return match === null ? undefined : Number(match[1]);
};

/** Rejects as `replaceFile` does. */
export const writeVolumeFile = (disk: Disk, directory: string, file: VolumeFile): Promise<void> =>
  replaceFile(
    disk,
    `${directory}/volume.json`,
    Buffer.from(`${JSON.stringify(file, null, 2)}\n`, "utf8"),
  );

const isAttributeList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((one: Partial<Record<keyof StoredAttribute, unknown>> | null) => {
    const { partition, identifier, format, value: text } = one ?? {};
    return (
      [partition, identifier].every(Number.isSafeInteger) &&
      (format === 0 || format === 1 || format === 2) &&
      typeof text === "string"
    );
  });

const isVolumeFile = (value: unknown): value is VolumeFile => {
  if (typeof value !== "object" || value === null) return false;
  const file = value as Partial<Record<keyof VolumeFile, unknown>>;
  return (
    file.format === "reelhouse-volume" &&
    file.version === 1 &&
    typeof file.barcode === "string" &&
    typeof file.uuid === "string" &&
    Number.isSafeInteger(file.capacityBytes) &&
    typeof file.worm === "boolean" &&
    (file.pool === null || typeof file.pool === "string") &&
    Number.isSafeInteger(file.generation) &&
    typeof file.writeProtected === "boolean" &&
    typeof file.createdAt === "string" &&
    (file.attributes === undefined || isAttributeList(file.attributes))
  );
};

/** Throws when there is none, or when it is not one this version can read. */
export const readVolumeFile = async (disk: Disk, directory: string): Promise<VolumeFile> => {
  const path = `${directory}/volume.json`;
  const value: unknown = JSON.parse((await disk.readFile(path)).toString("utf8"));
  if (!isVolumeFile(value)) throw new Error(`${path} is not a volume.json of a version known here`);
  return value;
};
