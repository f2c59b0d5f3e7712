/** The reader gives the same PDUs however the stream is cut, and notices every flipped bit when digests are on. */
import { crc32c } from "@node-rs/crc32";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { IscsiError } from "./errors.ts";
import { PduReader } from "./pdu-reader.ts";

const le32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const wire = (data: Buffer, digests: boolean, ahsWords = 0): Buffer => {
  const header = Buffer.alloc(48 + ahsWords * 4, 0x11);
  header[4] = ahsWords;
  header.writeUIntBE(data.length, 5, 3);
  const padded = Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
  if (!digests) return Buffer.concat([header, padded]);
  const dataDigest = data.length > 0 ? le32(crc32c(padded)) : Buffer.alloc(0);
  return Buffer.concat([header, le32(crc32c(header)), padded, dataDigest]);
};

const readAll = (chunks: readonly Buffer[], digests: boolean): string[] => {
  const seen: string[] = [];
  const pdu = (_bhs: Buffer, data: Buffer) => seen.push(data.toString("hex"));
  const reader = new PduReader({ place: () => undefined, pdu }, 4096);
  reader.headerDigest = digests;
  reader.dataDigest = digests;
  for (const chunk of chunks) reader.feed(chunk);
  return seen;
};

const payloads = fc.array(fc.uint8Array({ maxLength: 70 }), { minLength: 1, maxLength: 4 });

test("cut at any byte → the same PDUs", () => {
  fc.assert(
    fc.property(payloads, fc.boolean(), fc.nat(2), (all, digests, ahsWords) => {
      const want = all.map((data) => Buffer.from(data).toString("hex"));
      const stream = Buffer.concat(all.map((data) => wire(Buffer.from(data), digests, ahsWords)));
      expect(readAll([stream], digests)).toEqual(want);
      for (let at = 0; at <= stream.length; at += 1)
        expect(readAll([stream.subarray(0, at), stream.subarray(at)], digests)).toEqual(want);
      expect(
        readAll(
          [...stream].map((byte) => Buffer.of(byte)),
          digests,
        ),
      ).toEqual(want);
    }),
    { numRuns: 40 },
  );
});

test("one flipped bit with digests → never the same PDU again", () => {
  const good = wire(Buffer.from("twenty-one bytes long"), true);
  fc.assert(
    fc.property(fc.nat(good.length * 8 - 1), (bit) => {
      const bad = Buffer.from(good);
      const at = bit >> 3;
      bad[at] = (bad[at] ?? 0) ^ (1 << (bit & 7));
      let seen: string[] = [];
      try {
        seen = readAll([bad], true);
      } catch (error) {
        if (!(error instanceof IscsiError)) throw error;
      }
      // A flip in TotalAHSLength makes the reader wait for more; a PDU it must never give.
      expect(seen).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("a data segment past what we declared → protocol error", () => {
  expect(() => readAll([wire(Buffer.alloc(5000), false)], false)).toThrow(/past what we declared/);
});
