/** Cuts a byte stream into PDUs (RFC 7143 11.2): header, AHS, header digest, data, padding, data digest. */
import { crc32c } from "@node-rs/crc32";
import { IscsiError } from "./errors.ts";
import { HEADER_BYTES } from "./pdu-out.ts";

const DIGEST_BYTES = 4;

export interface PduSink {
  /** Where the data segment of this header shall lie, when its place is known; its length is the segment's. */
  place(bhs: Buffer): Buffer | undefined;
  /** A whole PDU. `bhs` is used again after the call; `data` is not. */
  pdu(bhs: Buffer, data: Buffer): void;
}

type Part = "header" | "additional" | "data" | "trailer";

const EMPTY = Buffer.alloc(0);

export class PduReader {
  headerDigest = false;
  dataDigest = false;
  readonly #sink: PduSink;
  readonly #dataLengthMax: number;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #part: Part = "header";
  #filling: Buffer = this.#header;
  #filled = 0;
  #additional: Buffer = EMPTY;
  #data: Buffer = EMPTY;

  /** `dataLengthMax`: the MaxRecvDataSegmentLength we declared; a longer segment is a protocol error. */
  constructor(sink: PduSink, dataLengthMax: number) {
    this.#sink = sink;
    this.#dataLengthMax = dataLengthMax;
  }

  /** Takes the next bytes of the stream. Throws IscsiError, after which the stream is of no more use. */
  feed(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      const count = Math.min(this.#filling.length - this.#filled, chunk.length - offset);
      chunk.copy(this.#filling, this.#filled, offset, offset + count);
      this.#filled += count;
      offset += count;
      while (this.#filled === this.#filling.length) this.#partComplete();
    }
  }

  #expect(part: Part, into: Buffer): void {
    this.#part = part;
    this.#filling = into;
    this.#filled = 0;
  }

  #partComplete(): void {
    switch (this.#part) {
      case "header": {
        const ahsBytes = this.#header.readUInt8(4) * 4;
        return this.#expect(
          "additional",
          Buffer.alloc(ahsBytes + (this.headerDigest ? DIGEST_BYTES : 0)),
        );
      }
      case "additional": {
        this.#additional = this.#filling;
        this.#checkHeaderDigest();
        return this.#expectData();
      }
      case "data": {
        const padding = -this.#data.length & 3;
        const digest = this.dataDigest && this.#data.length > 0 ? DIGEST_BYTES : 0;
        return this.#expect("trailer", Buffer.alloc(padding + digest));
      }
      case "trailer": {
        this.#checkDataDigest();
        const data = this.#data;
        this.#data = EMPTY;
        this.#sink.pdu(this.#header, data);
        return this.#expect("header", this.#header);
      }
    }
  }

  #expectData(): void {
    const length = this.#header.readUIntBE(5, 3);
    if (length > this.#dataLengthMax)
      throw new IscsiError("protocol", `a data segment of ${length} bytes, past what we declared`);
    this.#data = this.#sink.place(this.#header) ?? Buffer.allocUnsafe(length);
    this.#expect("data", this.#data);
  }

  #checkHeaderDigest(): void {
    if (!this.headerDigest) return;
    const ahs = this.#additional.subarray(0, -DIGEST_BYTES);
    const want = this.#additional.readUInt32LE(ahs.length);
    if (crc32c(ahs, crc32c(this.#header)) !== want)
      throw new IscsiError("digest", "the target's header digest is wrong");
  }

  #checkDataDigest(): void {
    if (!this.dataDigest || this.#data.length === 0) return;
    const padding = this.#filling.subarray(0, -DIGEST_BYTES);
    if (crc32c(padding, crc32c(this.#data)) !== this.#filling.readUInt32LE(padding.length))
      throw new IscsiError("digest", "the target's data digest is wrong");
  }
}
