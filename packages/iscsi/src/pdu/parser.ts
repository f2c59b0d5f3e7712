/**
 * Bytes of a connection to PDUs (RFC 7143 11.1, 11.2), in place. Payload is never copied: the data segment is a list
 * of views that retain the chunk's owner. Only a header that straddles two chunks is put together in a scratch buffer.
 *
 *   header ──▶ data ──▶ tail (padding and data digest) ──▶ header …
 *      └─────────────── no data segment ──────────────────▲
 */
import { ProtocolError } from "../protocol-error.ts";
import { AHS_BYTES_MAX, BHS_BYTES, bhsFields, DIGEST_BYTES, padBytes } from "./bhs.ts";
import { type Digests, noDigests, type RawPdu } from "./codec.ts";
import { DataSegment, type SlabOwner } from "./data-segment.ts";
import { digestOf, readDigest } from "./digest.ts";

/** A whole PDU. The consumer releases `data` once. The header views are valid during the call only. */
export interface ParsedPdu extends RawPdu {
  readonly dataDigestOk: boolean;
}

/** Gets each PDU as it completes. Digests and limits may be changed from within: they hold from the next PDU on. */
export interface ParserSink {
  pdu(pdu: ParsedPdu): void;
  /** The stream is unusable from here on: the parser takes no more bytes. `header` as far as it is known. */
  broken(error: ProtocolError, header: Uint8Array): void;
}

const HEADER_BYTES_MAX = BHS_BYTES + AHS_BYTES_MAX + DIGEST_BYTES;
const TAIL_BYTES_MAX = 3 + DIGEST_BYTES;

type State = "header" | "data" | "tail" | "stopped";

export class Parser {
  digests: Digests = noDigests;
  /** The MaxRecvDataSegmentLength we declared, in bytes: no PDU may have more data. */
  dataSegmentBytesMax: number;
  readonly #sink: ParserSink;
  readonly #scratch = new Uint8Array(HEADER_BYTES_MAX);
  readonly #tail = new Uint8Array(TAIL_BYTES_MAX);
  #state: State = "header";
  #scratchBytes = 0;
  #header: Uint8Array = this.#scratch;
  #ahsBytes = 0;
  #data = new DataSegment();
  #dataBytesLeft = 0;
  #digest = 0;
  #tailBytes = 0;
  #tailBytesLeft = 0;

  constructor(sink: ParserSink, dataSegmentBytesMax: number) {
    this.#sink = sink;
    this.dataSegmentBytesMax = dataSegmentBytesMax;
  }

  /** Takes the bytes of one read. Retains `owner` for each view it keeps; after the call the caller may let go. */
  push(chunk: Uint8Array, owner: SlabOwner): void {
    let offset = 0;
    while (offset < chunk.byteLength && this.#state !== "stopped") {
      const rest = offset === 0 ? chunk : chunk.subarray(offset);
      if (this.#state === "header") offset += this.#takeHeader(rest);
      else if (this.#state === "data") offset += this.#takeData(rest, owner);
      else offset += this.#takeTail(rest);
    }
    // A header begun in this chunk lies in the scratch buffer; one of a PDU under way must not point into the chunk.
    if (this.#state === "data" || this.#state === "tail") this.#keepHeader();
  }

  /** Takes no more bytes and lets go of the PDU under way. */
  stop(): void {
    if (this.#state === "data" || this.#state === "tail") this.#data.release();
    this.#state = "stopped";
  }

  #headerBytes(header: Uint8Array): number {
    const ahsBytes = bhsFields.totalAhsLength.read(header) * 4;
    return BHS_BYTES + ahsBytes + (this.digests.header ? DIGEST_BYTES : 0);
  }

  #takeHeader(bytes: Uint8Array): number {
    if (this.#scratchBytes === 0 && bytes.byteLength >= BHS_BYTES) {
      const headerBytes = this.#headerBytes(bytes);
      if (bytes.byteLength >= headerBytes) {
        this.#headerComplete(bytes.subarray(0, headerBytes));
        return headerBytes;
      }
    }
    const wanted = this.#scratchBytes < BHS_BYTES ? BHS_BYTES : this.#headerBytes(this.#scratch);
    const taken = bytes.subarray(0, wanted - this.#scratchBytes);
    this.#scratch.set(taken, this.#scratchBytes);
    this.#scratchBytes += taken.byteLength;
    const complete =
      this.#scratchBytes >= BHS_BYTES && this.#scratchBytes === this.#headerBytes(this.#scratch);
    if (complete) {
      const header = this.#scratch.subarray(0, this.#scratchBytes);
      this.#scratchBytes = 0;
      this.#headerComplete(header);
    }
    return taken.byteLength;
  }

  #headerComplete(header: Uint8Array): void {
    this.#header = header;
    this.#ahsBytes = bhsFields.totalAhsLength.read(header) * 4;
    const segmentBytes = BHS_BYTES + this.#ahsBytes;
    if (this.digests.header) {
      const sent = readDigest(header.subarray(segmentBytes));
      if (sent !== digestOf([header.subarray(0, segmentBytes)])) {
        // RFC 7143 7.8: nothing of the PDU can be trusted, its length included.
        return this.#break(new ProtocolError("Protocol Error", "header digest error", "drop"));
      }
    }
    const dataBytes = bhsFields.dataSegmentLength.read(header);
    if (dataBytes > this.dataSegmentBytesMax) {
      const detail = `${dataBytes} bytes of data exceed MaxRecvDataSegmentLength`;
      return this.#break(new ProtocolError("Protocol Error", detail, "close"));
    }
    this.#data = new DataSegment();
    if (dataBytes === 0) return this.#emit(true);
    this.#dataBytesLeft = dataBytes;
    this.#tailBytes = 0;
    this.#tailBytesLeft = padBytes(dataBytes) + (this.digests.data ? DIGEST_BYTES : 0);
    this.#digest = 0;
    this.#state = "data";
  }

  #takeData(bytes: Uint8Array, owner: SlabOwner): number {
    const view = bytes.subarray(0, this.#dataBytesLeft);
    this.#data.append(view, owner);
    if (this.digests.data) this.#digest = digestOf([view], this.#digest);
    this.#dataBytesLeft -= view.byteLength;
    if (this.#dataBytesLeft === 0) {
      this.#state = "tail";
      if (this.#tailBytesLeft === 0) this.#emit(true);
    }
    return view.byteLength;
  }

  #takeTail(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#tailBytesLeft);
    this.#tail.set(taken, this.#tailBytes);
    this.#tailBytes += taken.byteLength;
    this.#tailBytesLeft -= taken.byteLength;
    if (this.#tailBytesLeft === 0) this.#tailComplete();
    return taken.byteLength;
  }

  #tailComplete(): void {
    if (!this.digests.data) return this.#emit(true);
    const paddingBytes = this.#tailBytes - DIGEST_BYTES;
    const computed = digestOf([this.#tail.subarray(0, paddingBytes)], this.#digest);
    this.#emit(computed === readDigest(this.#tail.subarray(paddingBytes)));
  }

  #emit(dataDigestOk: boolean): void {
    this.#state = "header";
    this.#sink.pdu({
      bhs: this.#header.subarray(0, BHS_BYTES),
      ahs: this.#header.subarray(BHS_BYTES, BHS_BYTES + this.#ahsBytes),
      data: this.#data,
      dataDigestOk,
    });
  }

  #break(error: ProtocolError): void {
    this.#state = "stopped";
    this.#sink.broken(error, this.#header.subarray(0, BHS_BYTES + this.#ahsBytes));
  }

  #keepHeader(): void {
    if (this.#header.buffer === this.#scratch.buffer) return;
    this.#scratch.set(this.#header);
    this.#header = this.#scratch.subarray(0, this.#header.byteLength);
  }
}
