/** The parser, however the bytes are cut: the same PDUs, every slab back, no throw on any bytes. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SlabCount } from "../testdata-runner/wire.ts";
import type { ProtocolError } from "../protocol-error.ts";
import { type Digests, type RawPdu, toWire } from "./codec.ts";
import { joinViews } from "./data-segment.ts";
import { Parser } from "./parser.ts";
import { anyPdu } from "./pdu-arbitrary.ts";

const DATA_BYTES_MAX = 8192;
const digestChoices = fc.record({ header: fc.boolean(), data: fc.boolean() });

interface Seen {
  readonly pdus: string[];
  readonly errors: ProtocolError[];
  readonly lent: number;
}

const hex = (...views: Uint8Array[]): string => Buffer.from(joinViews(views)).toString("hex");
const asText = (raw: RawPdu): string =>
  [hex(raw.bhs), hex(raw.ahs), hex(...raw.data.views)].join(" ");

function feed(bytes: Uint8Array, cuts: readonly number[], digests: Digests): Seen {
  const slabs = new SlabCount();
  const pdus: string[] = [];
  const errors: ProtocolError[] = [];
  const parser = new Parser(
    {
      pdu(raw) {
        pdus.push(`${asText(raw)} ${raw.dataDigestOk}`);
        raw.data.release();
      },
      broken: (error) => errors.push(error),
    },
    DATA_BYTES_MAX,
  );
  parser.digests = digests;
  const ends = [...new Set([...cuts, bytes.byteLength])].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    // A Buffer, as a socket lends: its slice would be a view.
    const chunk = Buffer.from(bytes.subarray(start, end));
    const owner = slabs.lend(chunk);
    parser.push(chunk, owner);
    owner.done();
    start = end;
  }
  parser.stop();
  return { pdus, errors, lent: slabs.lent };
}

test("a stream cut in two at every byte → the same PDUs as uncut", () => {
  fc.assert(
    fc.property(
      fc.array(anyPdu, { minLength: 1, maxLength: 3 }),
      digestChoices,
      (raws, digests) => {
        const bytes = joinViews(raws.flatMap((raw) => toWire(raw, digests)));
        const expected = raws.map((raw) => `${asText(raw)} true`);
        for (let cut = 0; cut <= bytes.byteLength; cut += 1) {
          const seen = feed(bytes, [cut], digests);
          expect(seen).toEqual({ pdus: expected, errors: [], lent: 0 });
        }
      },
    ),
    { numRuns: 30 },
  );
});

test("a stream in chunks of one byte → the same PDUs as uncut", () => {
  fc.assert(
    fc.property(
      fc.array(anyPdu, { minLength: 1, maxLength: 3 }),
      digestChoices,
      (raws, digests) => {
        const bytes = joinViews(raws.flatMap((raw) => toWire(raw, digests)));
        const cuts = Array.from(bytes.keys());
        expect(feed(bytes, cuts, digests).pdus).toEqual(raws.map((raw) => `${asText(raw)} true`));
      },
    ),
    { numRuns: 30 },
  );
});

test("a flipped bit, with both digests → no PDU passes as whole that is not", () => {
  const digests = { header: true, data: true };
  fc.assert(
    fc.property(anyPdu, fc.nat(), fc.integer({ min: 0, max: 7 }), (raw, position, bit) => {
      const bytes = joinViews(toWire(raw, digests));
      const index = position % bytes.byteLength;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      const seen = feed(bytes, [], digests);
      expect(seen.pdus.filter((pdu) => pdu.endsWith("true"))).toEqual([]);
      expect(seen.lent).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test("any bytes, cut anywhere → no throw, every slab back", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 600 }),
      fc.array(fc.nat(600)),
      digestChoices,
      (bytes, cuts, digests) => {
        const within = cuts.filter((cut) => cut < bytes.byteLength);
        expect(feed(bytes, within, digests).lent).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

test("bytes that follow each other in one slab → one view, one hold on the slab", () => {
  const slab = new Uint8Array(48 + 100);
  slab[0] = 0x40;
  slab[7] = 100;
  let holds = 0;
  const owner = { retain: () => void (holds += 1), release: () => void (holds -= 1) };
  let views = 0;
  const sink = {
    pdu(raw: RawPdu) {
      views = raw.data.views.length;
      expect(holds).toBe(1);
      raw.data.release();
    },
    broken: () => {},
  };
  const parser = new Parser(sink, DATA_BYTES_MAX);
  for (let offset = 0; offset < slab.byteLength; offset += 1) {
    parser.push(slab.subarray(offset, offset + 1), owner);
  }
  expect(views).toBe(1);
  expect(holds).toBe(0);
});
