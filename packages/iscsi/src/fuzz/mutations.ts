/** Test only: what the fuzzer does to a PDU of an honest initiator, a function each, from a wrong field to plain damage. */
import { AHS_BYTES_MAX, BHS_BYTES, bhsFields, padBytes } from "../pdu/bhs.ts";
import { type Digests, type RawPdu, toWire } from "../pdu/codec.ts";
import { dataSegmentOf, joinViews } from "../pdu/data-segment.ts";
import { initiatorPdus } from "../pdu/pdus.ts";
import type { Field } from "../pdu/fields.ts";
import type { Random } from "./random.ts";

/**
 * How far a mutation goes: the data it carries may be another's (`lies`), or the stream may have lost its beat, so that the
 * target waits for bytes (`derails`): a second last login PDU is one without the digests just agreed on.
 */
export interface Mutation {
  readonly name: string;
  readonly lies: boolean;
  readonly derails: "never" | "in login" | "always";
  /** The bytes to send instead of a PDU: one, several or none. */
  apply(raw: RawPdu, digests: Digests, random: Random): Uint8Array | readonly Uint8Array[];
}

const wire = (raw: RawPdu, digests: Digests): Uint8Array => joinViews(toWire(raw, digests));
const fieldsByOpcode = new Map<number, readonly Field<unknown>[]>(
  Object.values(initiatorPdus).map((codec) => [codec.opcode, Object.values(codec.fields)]),
);
/** Numbers at which counters and lengths turn over. */
const edges = [0, 1, 2, 3, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

function otherValue(field: Field<unknown>, header: Uint8Array, random: Random): unknown {
  if (field.kind === "flag") return field.read(header) !== true;
  if (field.kind === "bytes")
    return Uint8Array.from({ length: field.valueMax }, () => random.int(256));
  const now = Number(field.read(header));
  const value = random.oneIn(2) ? now + random.int(5) - 2 : (random.anyOf(edges) ?? 0);
  return Math.min(Math.max(value, 0), field.valueMax);
}

/** The same PDU with one field of another value. */
function withField(raw: RawPdu, random: Random): RawPdu {
  const bhs = raw.bhs.slice();
  const field = random.anyOf(fieldsByOpcode.get(bhsFields.opcode.read(bhs)) ?? []);
  field?.write(bhs, otherValue(field, bhs, random));
  return { ...raw, bhs };
}

const bytesOf = (length: number, random: Random): Uint8Array =>
  Uint8Array.from({ length }, () => random.int(256));

/** The data with some of it gone, or more of it. */
function withLength(raw: RawPdu, random: Random): RawPdu {
  const data = joinViews(raw.data.views);
  const length = random.oneIn(2) ? random.int(data.byteLength + 1) : random.int(9000);
  const changed = new Uint8Array(length);
  changed.set(data.subarray(0, length));
  const bhs = raw.bhs.slice();
  bhsFields.dataSegmentLength.write(bhs, length);
  return { ...raw, bhs, data: dataSegmentOf(changed) };
}

function withAhs(raw: RawPdu, random: Random): RawPdu {
  const words = random.oneIn(8) ? AHS_BYTES_MAX / 4 : 1 + random.int(6);
  const ahs = bytesOf(words * 4, random);
  // Often a length and a type that exist: an Extended CDB, or the length of a bidirectional read (RFC 7143 11.2.2).
  if (random.oneIn(2)) ahs.set([0, random.oneIn(2) ? 5 : words * 4 - 3, 1 + random.int(2), 0]);
  const bhs = raw.bhs.slice();
  bhsFields.totalAhsLength.write(bhs, words);
  return { ...raw, bhs, ahs };
}

function withText(raw: RawPdu, random: Random): RawPdu {
  const data = joinViews(raw.data.views);
  if (data.byteLength === 0) return withLength(raw, random);
  const at = random.int(data.byteLength);
  data[at] = random.pick([0, 0x3d, 0x2c, 0x7e, 0x80, 0xff, 0x30, 0x41]);
  return { ...raw, data: dataSegmentOf(data) };
}

function damaged(bytes: Uint8Array, from: number, random: Random): Uint8Array {
  const at = from + random.int(Math.max(bytes.byteLength - from, 1));
  if (at < bytes.byteLength) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(8));
  return bytes;
}

const honest = { lies: false, derails: "never" } as const;
const lying = { lies: true, derails: "never" } as const;
const derailing = { lies: true, derails: "always" } as const;

export const mutations: readonly [Mutation, ...Mutation[]] = [
  { name: "field", ...lying, apply: (raw, d, random) => wire(withField(raw, random), d) },
  {
    name: "two fields",
    ...lying,
    apply: (raw, d, random) => wire(withField(withField(raw, random), random), d),
  },
  { name: "length", ...lying, apply: (raw, d, random) => wire(withLength(raw, random), d) },
  { name: "AHS", ...lying, apply: (raw, d, random) => wire(withAhs(raw, random), d) },
  { name: "text", ...lying, apply: (raw, d, random) => wire(withText(raw, random), d) },
  {
    name: "twice",
    lies: false,
    derails: "in login",
    apply: (raw, d) => [wire(raw, d), wire(raw, d)],
  },
  { name: "not at all", ...honest, apply: () => [] },
  {
    name: "damaged data",
    ...lying,
    apply(raw, digests, random) {
      const bytes = wire(raw, digests);
      const padded = raw.data.byteLength + padBytes(raw.data.byteLength);
      return padded === 0 ? bytes : damaged(bytes, bytes.byteLength - padded, random);
    },
  },
  {
    name: "other opcode",
    ...lying,
    apply(raw, digests, random) {
      const bhs = raw.bhs.slice();
      bhsFields.opcode.write(bhs, random.int(64));
      return wire({ ...raw, bhs }, digests);
    },
  },
  {
    name: "damaged anywhere",
    ...derailing,
    apply: (raw, d, random) => damaged(wire(raw, d), 0, random),
  },
  {
    name: "cut off",
    ...derailing,
    apply: (raw, d, random) => {
      const bytes = wire(raw, d);
      return bytes.subarray(0, random.int(bytes.byteLength));
    },
  },
  {
    name: "noise",
    ...derailing,
    apply: (_raw, _d, random) => bytesOf(random.int(BHS_BYTES * 3), random),
  },
];
