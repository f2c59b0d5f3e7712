/** Key-associated data (SSC-5 8.5.4): what an application puts beside the key, and reads back with each block. */
import { be, join, readBe } from "../../bytes.ts";

/** KEY DESCRIPTOR TYPE. */
export const kadType = { unauthenticated: 0, authenticated: 1, nonce: 2, metadata: 3 } as const;

/** What LTO drives take of each; a nonce is the drive's own affair, so none is taken. */
export const kadLengthMax: Readonly<Record<number, number>> = {
  [kadType.unauthenticated]: 32,
  [kadType.authenticated]: 60,
  [kadType.metadata]: 64,
};

/** KAD FORMAT (SSC-5 table 175): what the descriptors are; 2 names the key in ASCII. */
export const kadFormatMax = 2;

export interface KeyAssociatedData {
  readonly type: number;
  readonly descriptor: Uint8Array;
}

/** AUTHENTICATED field: reserved in a status without a block, and what is known of a block's descriptors. */
export const authentication = { none: 0, notCovered: 1, notAttempted: 2 } as const;

const headerLength = 4;

/** Longest list there can be: one descriptor of each type. */
export const kadListLengthMax = Object.values(kadLengthMax).reduce(
  (sum, length) => sum + headerLength + length,
  0,
);

export function encodeKads(
  kads: readonly KeyAssociatedData[],
  authenticated: (type: number) => number,
): Uint8Array {
  return join(
    ...kads.map(({ type, descriptor }) =>
      join(type, authenticated(type), be(descriptor.length, 2), descriptor),
    ),
  );
}

export type ParsedKads =
  | { readonly kads: readonly KeyAssociatedData[] }
  /** Where the list is wrong, counted from its beginning. */
  | { readonly invalidByte: number };

/** The descriptors, each type once and in ascending order (SSC-5 8.5.3.2.1). */
export function parseKads(list: Uint8Array): ParsedKads {
  const kads: KeyAssociatedData[] = [];
  let offset = 0;
  let lastType = -1;
  while (offset < list.length) {
    if (offset + headerLength > list.length) return { invalidByte: offset };
    const type = list[offset]!;
    const lengthMax = kadLengthMax[type];
    if (lengthMax === undefined || type <= lastType) return { invalidByte: offset };
    const length = readBe(list, offset + 2, 2);
    const end = offset + headerLength + length;
    if (length > lengthMax || end > list.length) return { invalidByte: offset + 2 };
    // A copy: a Buffer's slice is not one, and the list is wiped or given back.
    kads.push({ type, descriptor: Uint8Array.from(list.subarray(offset + headerLength, end)) });
    lastType = type;
    offset = end;
  }
  return { kads };
}
