/**
 * The medium auxiliary memory of a volume (SPC-5 7.4): attributes by partition and identifier, kept in volume.json.
 * What they mean, and which of them who may write, the drive knows.
 */
import { attributeBytesMax } from "./limits.ts";
import type { MediumAttribute } from "./port.ts";
import type { StoredAttribute, VolumeFile } from "./volume-file.ts";

/** Bytes an attribute takes with its header (SPC-5 7.4.1): what the limit counts. */
const attributeHeaderBytes = 5;

/** Those of one partition, in order of identifier. */
export const attributesOf = (file: VolumeFile, partition: number): readonly MediumAttribute[] =>
  (file.attributes ?? [])
    .filter((one) => one.partition === partition)
    .map(({ identifier, format, value }) => ({
      identifier,
      format,
      value: Buffer.from(value, "base64"),
    }));

const bytesOf = (attributes: readonly StoredAttribute[]): number =>
  attributes.reduce(
    (sum, { value }) => sum + attributeHeaderBytes + Buffer.byteLength(value, "base64"),
    0,
  );

/** The file with these in the place of those of the same identifier; one without a value goes. */
export const withAttributes = (
  file: VolumeFile,
  partition: number,
  written: readonly MediumAttribute[],
): VolumeFile => {
  const replaced = new Map((file.attributes ?? []).map((one) => [keyOf(one), one]));
  for (const { identifier, format, value } of written) {
    const key = keyOf({ partition, identifier });
    replaced.delete(key);
    if (value.byteLength === 0) continue;
    const text = Buffer.from(value).toString("base64");
    replaced.set(key, { partition, identifier, format, value: text });
  }
  return keep(file, [...replaced.values()]);
};

/** The file without the attributes of partitions that are no more. */
export const withPartitions = (file: VolumeFile, partitions: number): VolumeFile =>
  keep(
    file,
    (file.attributes ?? []).filter(({ partition }) => partition < partitions),
  );

/** Whether the medium auxiliary memory has no room for these. */
export const isOverfull = ({ attributes = [] }: VolumeFile): boolean =>
  bytesOf(attributes) > attributeBytesMax;

const keyOf = ({ partition, identifier }: { partition: number; identifier: number }): number =>
  partition * 0x1_00_00 + identifier;

const keep = (file: VolumeFile, attributes: readonly StoredAttribute[]): VolumeFile => {
  const { attributes: _, ...others } = file;
  if (attributes.length === 0) return others;
  return { ...others, attributes: attributes.toSorted((a, b) => keyOf(a) - keyOf(b)) };
};
