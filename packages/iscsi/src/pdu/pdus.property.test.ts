/** Every PDU, both ways: what is encoded decodes to the same, and lies where the RFC puts it. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../protocol-error.ts";
import { joinViews } from "./data-segment.ts";
import { codecs, encodeValues, kinds, valuesOf } from "./pdu-arbitrary.ts";
import { BHS_BYTES, bhsFields } from "./bhs.ts";
import type { Field, FieldTable } from "./fields.ts";

function allOnes(field: Field<unknown>): unknown {
  if (field.kind === "flag") return true;
  return field.kind === "number" ? field.valueMax : new Uint8Array(field.valueMax).fill(0xff);
}

describe.each(kinds)("%s", (kind) => {
  test("any lawful values → decode gives them back", () => {
    fc.assert(
      fc.property(valuesOf(kind), (values) => {
        const raw = encodeValues(kind, values);
        expect(raw.bhs.byteLength).toBe(BHS_BYTES);
        expect(bhsFields.opcode.read(raw.bhs)).toBe(codecs[kind].opcode);
        const decoded = codecs[kind].decode(raw);
        expect(decoded).not.toBeInstanceOf(ProtocolError);
        expect(decoded).toMatchObject({ kind, ...values });
      }),
      { numRuns: 60 },
    );
  });

  test("decoded from a Buffer whose memory is then used again → the values stay", () => {
    fc.assert(
      fc.property(valuesOf(kind), (values) => {
        const raw = encodeValues(kind, values);
        // A slice of a Buffer, unlike one of a Uint8Array, is a view.
        const received = { ...raw, bhs: Buffer.from(raw.bhs), ahs: Buffer.from(raw.ahs) };
        const decoded = codecs[kind].decode(received);
        received.bhs.fill(0xee);
        received.ahs.fill(0xee);
        expect(decoded).toMatchObject({ kind, ...values });
      }),
      { numRuns: 60 },
    );
  });

  test("decoded and encoded again → the same bytes", () => {
    fc.assert(
      fc.property(valuesOf(kind), (values) => {
        const raw = encodeValues(kind, values);
        const decoded = codecs[kind].decode(raw);
        if (decoded instanceof ProtocolError) throw new Error(decoded.detail);
        const again = encodeValues(kind, { ...decoded });
        expect(Buffer.from(joinViews([again.bhs, again.ahs]))).toEqual(
          Buffer.from(joinViews([raw.bhs, raw.ahs])),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("any 48 bytes → a PDU or a protocol error, never a throw", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: BHS_BYTES, maxLength: BHS_BYTES }),
        fc.uint8Array({ maxLength: 20 }),
        valuesOf(kind),
        (bhs, ahs, values) => {
          const { data } = encodeValues(kind, values);
          const decoded = codecs[kind].decode({ bhs, ahs, data });
          expect("kind" in decoded || decoded instanceof ProtocolError).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("fields of the layout → no two share a bit", () => {
    const owners = new Uint8Array(BHS_BYTES);
    const fields: FieldTable = codecs[kind].fields;
    for (const field of Object.values(fields)) {
      const header = new Uint8Array(BHS_BYTES);
      field.write(header, allOnes(field));
      for (const [index, byte] of header.entries()) {
        const owned = owners[index] ?? 0;
        expect(owned & byte).toBe(0);
        owners[index] = owned | byte;
      }
    }
  });
});
