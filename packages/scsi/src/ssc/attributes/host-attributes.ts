/**
 * Host type attributes, 0800h to 0BFFh and vendor specific 1400h to 17FFh (SPC-5 7.4.2.4): what application clients
 * write. Those of one partition lie with it; the others belong to the volume and lie with partition 0.
 */
import type { Medium, MediumAttribute } from "../medium.ts";
import { type AttributeFormat, attributeFormat, attributeHeaderLength } from "./attribute.ts";

export interface HostAttribute {
  readonly identifier: number;
  readonly name: string;
  /** Undefined: any. */
  readonly format: AttributeFormat | undefined;
  readonly lengthMax: number;
  /** The length may also be less; otherwise it is that or zero, which removes the attribute. */
  readonly variable?: true;
  readonly perPartition?: true;
}

const ascii = (identifier: number, name: string, lengthMax: number): HostAttribute => ({
  identifier,
  name,
  format: attributeFormat.ascii,
  lengthMax,
});

const text = (identifier: number, name: string, lengthMax: number): HostAttribute => ({
  identifier,
  name,
  format: attributeFormat.text,
  lengthMax,
  variable: true,
});

const binary = (identifier: number, name: string, lengthMax: number): HostAttribute => ({
  identifier,
  name,
  format: attributeFormat.binary,
  lengthMax,
});

/** Of attributes whose length the standard leaves open. */
const variableLengthMax = 1024;

export const hostAttributes: readonly HostAttribute[] = [
  ascii(0x0800, "APPLICATION VENDOR", 8),
  ascii(0x0801, "APPLICATION NAME", 32),
  ascii(0x0802, "APPLICATION VERSION", 8),
  text(0x0803, "USER MEDIUM TEXT LABEL", 160),
  ascii(0x0804, "DATE AND TIME LAST WRITTEN", 12),
  binary(0x0805, "TEXT LOCALIZATION IDENTIFIER", 1),
  ascii(0x0806, "BARCODE", 32),
  text(0x0807, "OWNING HOST TEXTUAL NAME", 80),
  text(0x0808, "MEDIA POOL", 160),
  { ...ascii(0x0809, "PARTITION USER TEXT LABEL", 16), perPartition: true },
  { ...binary(0x080a, "LOAD/UNLOAD AT PARTITION", 1), perPartition: true },
  ascii(0x080b, "APPLICATION FORMAT VERSION", 16),
  {
    ...binary(0x080c, "VOLUME COHERENCY INFORMATION", variableLengthMax),
    variable: true,
    perPartition: true,
  },
  binary(0x0820, "MEDIUM GLOBALLY UNIQUE IDENTIFIER", 36),
  binary(0x0821, "MEDIA POOL GLOBALLY UNIQUE IDENTIFIER", 36),
];

const vendorSpecificFirst = 0x1400;
const vendorSpecificLast = 0x17ff;

/** Whether an attribute is of the host type; the others are the drive's to keep, and tell of usage. */
export function isHostAttribute(identifier: number): boolean {
  const isStandard = identifier >= 0x0800 && identifier <= 0x0bff;
  return isStandard || (identifier >= vendorSpecificFirst && identifier <= vendorSpecificLast);
}

/** The row of an attribute that hosts may write; undefined when there is none of that identifier. */
export function hostAttribute(identifier: number): HostAttribute | undefined {
  if (identifier >= vendorSpecificFirst && identifier <= vendorSpecificLast) {
    return {
      identifier,
      name: "VENDOR SPECIFIC",
      format: undefined,
      lengthMax: variableLengthMax,
      variable: true,
    };
  }
  return hostAttributes.find((each) => each.identifier === identifier);
}

/** With which partition the attribute lies. */
export function partitionKeeping(row: HostAttribute, partition: number): number {
  return row.perPartition === true ? partition : 0;
}

/** The host attributes one sees in `partition`. */
export function hostAttributesOf(medium: Medium, partition: number): readonly MediumAttribute[] {
  const own = keptHostAttributes(medium, partition);
  if (partition === 0) return own;
  const shared = keptHostAttributes(medium, 0).filter(
    ({ identifier }) => hostAttribute(identifier)?.perPartition !== true,
  );
  return [...shared, ...own];
}

export function keptHostAttributes(medium: Medium, partition: number): readonly MediumAttribute[] {
  const kept = medium.attributes(partition);
  return kept.filter(({ identifier }) => hostAttribute(identifier) !== undefined);
}

/** What the memory of an LTO-6 to LTO-10 cartridge holds; host attributes may fill all of it. */
export const mamCapacityBytes = 16 * 1024;

export function attributeBytes({ value }: MediumAttribute): number {
  return attributeHeaderLength + value.length;
}

/** Bytes left for host attributes, headers included. */
export function mamSpaceRemaining(medium: Medium): number {
  let used = 0;
  for (let partition = 0; partition < medium.partitions.length; partition++) {
    for (const attribute of keptHostAttributes(medium, partition))
      used += attributeBytes(attribute);
  }
  return Math.max(0, mamCapacityBytes - used);
}
