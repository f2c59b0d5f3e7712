/** One PDU from its layout: decode, encode, and the bytes for the wire (RFC 7143 11.1, 11.2). */
import { ProtocolError } from "../protocol-error.ts";
import { BHS_BYTES, bhsFields, padBytes } from "./bhs.ts";
import { DataSegment, dataSegmentOf } from "./data-segment.ts";
import { digestBytes, digestOf } from "./digest.ts";
import type { FieldTable, Values } from "./fields.ts";

/** A PDU as its segments, fields not looked at. */
export interface RawPdu {
  readonly bhs: Uint8Array;
  readonly ahs: Uint8Array;
  readonly data: DataSegment;
}

/** A decoded PDU: its kind, its fields by their RFC names, its data segment. */
export type PduOf<N extends string, F extends FieldTable> = Values<F> & {
  readonly kind: N;
  readonly immediate: boolean;
  readonly data: DataSegment;
};

/** What encode takes: the fields; data and the I bit where there are any. */
export type PduInput<F extends FieldTable> = Values<F> & {
  readonly immediate?: boolean;
  readonly data?: DataSegment;
};

interface PduLayout<N extends string, F extends FieldTable> {
  readonly kind: N;
  readonly opcode: number;
  readonly fields: F;
  /** Bits the RFC prints as one, as [byte, mask]. Sent so; not checked, as reserved bits are not. */
  readonly ones?: readonly (readonly [offset: number, mask: number])[];
  /** Whether the PDU may have a data segment, and additional header segments. */
  readonly hasData?: boolean;
  readonly hasAhs?: boolean;
  /** Format rules: code values the RFC does not assign, fields that contradict one another. */
  readonly check?: (pdu: PduOf<N, F>) => string | undefined;
}

export interface PduCodec<N extends string, F extends FieldTable> extends PduLayout<N, F> {
  /** The PDU, or what is wrong with it. Takes the bytes it keeps out of the header; the data stays in place. */
  decode(raw: RawPdu): PduOf<N, F> | ProtocolError;
  encode(input: PduInput<F>): RawPdu;
}

const NO_AHS = new Uint8Array(0);

/**
 * Zeroes for a header, cut from shared memory: a small array of its own keeps its bytes inside the object, and they are
 * moved out at a cost above that of all the fields when a socket asks for their address.
 */
const newHeader = (() => {
  const headersInStock = 128;
  let stock = new ArrayBuffer(0);
  let used = 0;
  return (): Uint8Array => {
    if (used === stock.byteLength) {
      stock = new ArrayBuffer(headersInStock * BHS_BYTES);
      used = 0;
    }
    const header = new Uint8Array(stock, used, BHS_BYTES);
    used += BHS_BYTES;
    return header;
  };
})();

/** Makes a codec of a layout. */
export function definePdu<const N extends string, const F extends FieldTable>(
  layout: PduLayout<N, F>,
): PduCodec<N, F> {
  const fields = Object.entries(layout.fields);
  return {
    ...layout,
    decode(raw) {
      if (raw.data.byteLength > 0 && layout.hasData !== true) {
        return new ProtocolError("Protocol Error", `${layout.kind} has no data segment`);
      }
      if (raw.ahs.byteLength > 0 && layout.hasAhs !== true) {
        return new ProtocolError("Protocol Error", `${layout.kind} has no AHS`);
      }
      const values: Record<string, unknown> = {
        kind: layout.kind,
        immediate: bhsFields.immediate.read(raw.bhs),
        data: raw.data,
      };
      for (const [name, field] of fields) values[name] = field.read(raw.bhs);
      // The loop above filled in exactly the names of the layout.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const pdu = values as PduOf<N, F>;
      const fault = layout.check?.(pdu);
      return fault === undefined ? pdu : new ProtocolError("Invalid PDU Field", fault);
    },
    encode(input) {
      const bhs = newHeader();
      const data = input.data ?? dataSegmentOf();
      for (const [offset, mask] of layout.ones ?? []) bhs[offset] = mask;
      for (const [name, field] of fields) field.write(bhs, input[name]);
      bhsFields.opcode.write(bhs, layout.opcode);
      bhsFields.immediate.write(bhs, input.immediate === true);
      bhsFields.dataSegmentLength.write(bhs, data.byteLength);
      return { bhs, ahs: NO_AHS, data };
    },
  };
}

/** Which digests a connection uses. */
export interface Digests {
  readonly header: boolean;
  readonly data: boolean;
}

export const noDigests: Digests = { header: false, data: false };

const PADDING = new Uint8Array(3);

/** The views to send for a PDU: header segments, digests, data in place, padding. Copies nothing. */
export function toWire(raw: RawPdu, digests: Digests): Uint8Array[] {
  const wire = raw.ahs.byteLength > 0 ? [raw.bhs, raw.ahs] : [raw.bhs];
  if (digests.header) wire.push(digestBytes(digestOf(wire)));
  if (raw.data.byteLength === 0) return wire;
  const padding = PADDING.subarray(0, padBytes(raw.data.byteLength));
  wire.push(...raw.data.views);
  if (padding.byteLength > 0) wire.push(padding);
  if (digests.data) wire.push(digestBytes(digestOf([...raw.data.views, padding])));
  return wire;
}
