/** Brings a segment back: whole into a file, or a range of it into memory. */
import { segmentId } from "@reelhouse/contracts";
import type { Receipt, SegmentRef, WrappedKey } from "@reelhouse/contracts";
import { writeDurably } from "./durable-file.ts";
import { VaultError } from "./errors.ts";
import { decodePrefix, FRAME_PREFIX_BYTES, TAG_BYTES } from "./format/frame.ts";
import { FRAME_OVERHEAD_BYTES, indexBytes, openIndex } from "./format/frame-index.ts";
import type { FrameLocation } from "./format/frame-index.ts";
import { frameCount, HEADER_BYTES } from "./format/header.ts";
import { openBody, openHeader, openSegment } from "./format/open.ts";
import type { OpenedSegment, SegmentOpener } from "./format/open.ts";
import { withDataKey } from "./keys/key-service.ts";
import type { ByteRange, GetOptions } from "./store/object-store.ts";
import type { CallOptions, VaultContext } from "./vault-context.ts";
import { requireContext } from "./volume-key.ts";

export interface GetSegment {
  readonly segment: SegmentRef;
  readonly receipt: Receipt;
  readonly wrappedKey: WrappedKey;
}

const requireReceipt = (context: VaultContext, { segment, receipt }: GetSegment): void => {
  if (receipt.bucket !== context.store.bucket)
    throw new VaultError("RECEIPT_MISMATCH", `bucket ${receipt.bucket}`);
  if (!receipt.key.endsWith(segmentId(segment)))
    throw new VaultError("RECEIPT_MISMATCH", `key ${receipt.key}`);
};

/** Authentic is not enough: it must be the object, and the plaintext, that the receipt was given for. */
const compare = (receipt: Receipt, opened: OpenedSegment): void => {
  const pairs = [
    ["objectBytes", opened.object.byteLength, receipt.objectBytes],
    ["objectCrc32c", opened.object.crc32c, receipt.objectCrc32c],
    ["objectSha256", opened.object.sha256, receipt.objectSha256],
    ["segmentBytes", opened.plaintext.byteLength, receipt.segmentBytes],
    ["segmentSha256", opened.plaintext.sha256, receipt.segmentSha256],
  ] as const;
  for (const [name, got, expected] of pairs)
    if (got !== expected)
      throw new VaultError("RECEIPT_MISMATCH", `${name} ${got} instead of ${expected}`);
};

/** The file appears at `destinationPath` only when every byte of it is proven and on stable storage. */
export const getSegment = async (
  context: VaultContext,
  wanted: GetSegment,
  destinationPath: string,
  options: CallOptions,
): Promise<void> => {
  requireReceipt(context, wanted);
  requireContext(wanted.wrappedKey, wanted.segment);
  const { receipt } = wanted;
  await withDataKey(context.keys, wanted.wrappedKey, (dataKey) =>
    writeDurably(destinationPath, async (write) => {
      const { body } = await context.store.get(receipt.key, {
        versionId: receipt.versionId,
        signal: options.signal,
      });
      let doneBytes = 0;
      const opened = await openSegment(
        body,
        segmentId(wanted.segment),
        dataKey,
        async (plaintext) => {
          await write(plaintext);
          doneBytes += plaintext.length;
          options.onProgress?.(doneBytes);
        },
      );
      compare(receipt, opened);
    }),
  );
};

type Fetch = (range: ByteRange) => Promise<Buffer>;

interface OpenedLayout {
  readonly opener: SegmentOpener;
  readonly frames: readonly FrameLocation[];
}

/** Header and index: two small requests, after which any frame's place is known and trusted. */
const fetchLayout = async (
  fetch: Fetch,
  wanted: GetSegment,
  dataKey: Buffer,
): Promise<OpenedLayout> => {
  const headerBytes = await fetch({ offset: 0, byteLength: HEADER_BYTES });
  const opener = openHeader(headerBytes, segmentId(wanted.segment), dataKey);
  const { receipt } = wanted;
  // Before a length out of an unauthenticated header is used for anything.
  if (opener.header.plaintextBytes !== receipt.segmentBytes)
    throw new VaultError("RECEIPT_MISMATCH", `segmentBytes ${opener.header.plaintextBytes}`);
  const byteLength = indexBytes(frameCount(opener.header));
  const offset = receipt.objectBytes - byteLength;
  if (offset < HEADER_BYTES) throw new VaultError("OBJECT_DAMAGED", "too short for its index");
  const index = await fetch({ offset, byteLength });
  return { opener, frames: openIndex(opener.key, opener.headerHash, opener.header, index) };
};

const openFrames = async (
  { opener, frames }: OpenedLayout,
  first: number,
  bytes: Buffer,
): Promise<Buffer[]> => {
  const plaintexts: Buffer[] = [];
  let offset = 0;
  for (let index = first; offset < bytes.length; index += 1) {
    const expected = frames[index]!;
    const prefixBytes = bytes.subarray(offset, offset + FRAME_PREFIX_BYTES);
    const prefix = decodePrefix(prefixBytes.readUInt32BE());
    if (
      prefix.compressed !== expected.compressed ||
      prefix.ciphertextBytes !== expected.ciphertextBytes
    )
      throw new VaultError("OBJECT_DAMAGED", `prefix of frame ${index}`);
    const end = offset + FRAME_PREFIX_BYTES + expected.ciphertextBytes + TAG_BYTES;
    const body = bytes.subarray(offset + FRAME_PREFIX_BYTES, end);
    plaintexts.push(await openBody(opener, index, prefixBytes, prefix, body));
    offset = end;
  }
  return plaintexts;
};

/**
 * The plaintext bytes of `range`; a range past the end is cut to the segment. Costs the frames it touches, in memory
 * and from the store. What it returns is authentic and in place, without the rest having been read.
 */
export const readRange = async (
  context: VaultContext,
  wanted: GetSegment,
  range: ByteRange,
  options: CallOptions,
): Promise<Buffer> => {
  requireReceipt(context, wanted);
  requireContext(wanted.wrappedKey, wanted.segment);
  const { receipt } = wanted;
  const start = Math.min(range.offset, receipt.segmentBytes);
  const end = Math.min(range.offset + range.byteLength, receipt.segmentBytes);
  if (start >= end) return Buffer.alloc(0);
  const getOptions: GetOptions = { versionId: receipt.versionId, signal: options.signal };
  const fetch: Fetch = (part) => context.store.getRange(receipt.key, part, getOptions);
  return await withDataKey(context.keys, wanted.wrappedKey, async (dataKey) => {
    const layout = await fetchLayout(fetch, wanted, dataKey);
    const { frameBytes } = layout.opener.header;
    const first = Math.floor(start / frameBytes);
    const last = layout.frames[Math.floor((end - 1) / frameBytes)]!;
    const offset = layout.frames[first]!.objectOffset;
    const byteLength = last.objectOffset + last.ciphertextBytes + FRAME_OVERHEAD_BYTES - offset;
    const plaintexts = await openFrames(layout, first, await fetch({ offset, byteLength }));
    const skip = start - first * frameBytes;
    return Buffer.concat(plaintexts).subarray(skip, skip + end - start);
  });
};
