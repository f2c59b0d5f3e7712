/** Test only: any PDU, from the field table of its codec. */
import * as fc from "fast-check";
import { TAG_NONE } from "./bhs.ts";
import type { RawPdu } from "./codec.ts";
import { dataSegmentOf } from "./data-segment.ts";
import type { Field, FieldTable } from "./fields.ts";
import { initiatorPdus, targetPdus } from "./pdus.ts";

export const codecs = { ...initiatorPdus, ...targetPdus } as const;
export type Kind = keyof typeof codecs;
// Object.keys of the table are its kinds.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const kinds = Object.keys(codecs) as Kind[];

function valueOf(field: Field<unknown>): fc.Arbitrary<unknown> {
  if (field.kind === "flag") return fc.boolean();
  if (field.kind === "bytes") {
    return fc.uint8Array({ minLength: field.valueMax, maxLength: field.valueMax });
  }
  return fc.integer({ min: 0, max: field.valueMax });
}

/** Values that keep the format rules of their PDU where any value of the field would not. */
const lawful: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  ScsiCommand: {
    final: fc.constant(true),
    attributes: fc.integer({ min: 0, max: 4 }),
    read: fc.constant(false),
  },
  NopOut: { immediate: fc.constant(true) },
  LoginRequest: {
    transit: fc.constant(true),
    continue: fc.constant(false),
    csg: fc.integer({ min: 0, max: 1 }),
    nsg: fc.constant(3),
  },
  TextRequest: { continue: fc.constant(false) },
  LogoutRequest: { reasonCode: fc.integer({ min: 0, max: 2 }) },
};
const tag = fc.integer({ min: 0, max: TAG_NONE - 1 });

/** The values of a lawful PDU of `kind`, its data segment among them. */
export function valuesOf(kind: Kind): fc.Arbitrary<Record<string, unknown>> {
  const codec = codecs[kind];
  const fields: FieldTable = codec.fields;
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = { immediate: fc.boolean() };
  for (const [name, field] of Object.entries(fields)) arbitraries[name] = valueOf(field);
  if ("initiatorTaskTag" in fields) arbitraries["initiatorTaskTag"] = tag;
  const hasData = codec.hasData === true;
  const data = fc.uint8Array({ maxLength: hasData ? 70 : 0 });
  return fc.record({
    ...arbitraries,
    ...lawful[kind],
    data: data.map((bytes) => dataSegmentOf(bytes)),
  });
}

/** Encodes such values. */
export function encodeValues(kind: Kind, values: Record<string, unknown>): RawPdu {
  // The values come from the field table of this very codec.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const encode = codecs[kind].encode as (values: Record<string, unknown>) => RawPdu;
  return encode(values);
}

/** Any lawful PDU, encoded. */
export const anyPdu: fc.Arbitrary<RawPdu> = fc
  .constantFrom(...kinds)
  .chain((kind) => valuesOf(kind).map((values) => encodeValues(kind, values)));
