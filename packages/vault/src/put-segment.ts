/**
 * Puts a segment into the store, once. Whoever finds the key taken proves that the object there is the same segment
 * (opens it wholly, compares SHA-256) and answers with its receipt; so trying again is always safe.
 */
import { open } from "node:fs/promises";
import { segmentId } from "@reelhouse/contracts";
import type { Receipt, SegmentRef, UploadSegmentPayload } from "@reelhouse/contracts";
import { hasCode, VaultError } from "./errors.ts";
import { openSegment } from "./format/open.ts";
import { sealSegment } from "./format/seal.ts";
import type { SealedSegment } from "./format/seal.ts";
import { withDataKey } from "./keys/key-service.ts";
import type { CallOptions, VaultContext } from "./vault-context.ts";
import { requireContext } from "./volume-key.ts";

/** `path` is absolute, or relative to the process's folder. */
export type PutSegment = UploadSegmentPayload;

/** A segment is sealed in memory: this and some frames is what one putSegment may take. S3 would allow 5 GiB. */
export const SEGMENT_BYTES_LIMIT = 1024 * 1024 * 1024;

export const segmentKey = (context: VaultContext, segment: SegmentRef): string =>
  `${context.keyPrefix}${segmentId(segment)}`;

const mismatch = (what: string): VaultError => new VaultError("SEGMENT_MISMATCH", what);

/** Reads and seals the file, and proves that what was sealed is what the job promised. */
const sealFile = async (
  context: VaultContext,
  job: PutSegment,
  dataKey: Buffer,
  options: CallOptions,
): Promise<SealedSegment> => {
  await using file = await open(job.path, "r");
  const { size } = await file.stat();
  if (size !== job.segmentBytes) throw mismatch(`${size} bytes instead of ${job.segmentBytes}`);
  const sealed = await sealSegment({
    segmentId: segmentId(job.segment),
    dataKey,
    plaintextBytes: job.segmentBytes,
    frameBytes: context.frameBytes,
    zstdLevel: job.compress === false ? null : context.zstdLevel,
    onProgress: options.onProgress,
    async read(into, position) {
      options.signal?.throwIfAborted();
      return (await file.read(into, 0, into.length, position)).bytesRead;
    },
  });
  if (sealed.plaintext.sha256 !== job.segmentSha256)
    throw mismatch(`SHA-256 ${sealed.plaintext.sha256} instead of ${job.segmentSha256}`);
  return sealed;
};

const upload = async (
  context: VaultContext,
  job: PutSegment,
  sealed: SealedSegment,
  options: CallOptions,
): Promise<Receipt> => {
  const key = segmentKey(context, job.segment);
  const answer = await context.store.create({
    key,
    body: sealed.bytes,
    crc32c: sealed.object.crc32c,
    sha256: sealed.object.sha256,
    contentType: "application/vnd.reelhouse.segment",
    storageClass: context.storageClass,
    metadata: { "reelhouse-segment": segmentId(job.segment), "reelhouse-format": "1" },
    signal: options.signal,
  });
  return {
    bucket: context.store.bucket,
    key,
    ...answer,
    storageClass: context.storageClass ?? "STANDARD",
    objectBytes: sealed.object.byteLength,
    objectCrc32c: sealed.object.crc32c,
    objectSha256: sealed.object.sha256,
    segmentBytes: job.segmentBytes,
    segmentSha256: job.segmentSha256,
    uploadedAt: new Date().toISOString(),
  };
};

/** The receipt of the object that is there already, if it is this very segment; else OBJECT_CONFLICT. */
const adopt = async (
  context: VaultContext,
  job: PutSegment,
  dataKey: Buffer,
  options: CallOptions,
): Promise<Receipt> => {
  const key = segmentKey(context, job.segment);
  const found = await context.store.get(key, { signal: options.signal });
  const opened = await openSegment(found.body, segmentId(job.segment), dataKey, () => {}).catch(
    (error: unknown) => {
      if (error instanceof VaultError && error.code.startsWith("STORE_")) throw error;
      throw new VaultError("OBJECT_CONFLICT", key, { cause: error });
    },
  );
  if (opened.plaintext.sha256 !== job.segmentSha256)
    throw new VaultError("OBJECT_CONFLICT", `${key} holds SHA-256 ${opened.plaintext.sha256}`);
  return {
    bucket: context.store.bucket,
    key,
    etag: found.etag,
    versionId: found.versionId,
    storageClass: found.storageClass,
    objectBytes: opened.object.byteLength,
    objectCrc32c: opened.object.crc32c,
    objectSha256: opened.object.sha256,
    segmentBytes: job.segmentBytes,
    segmentSha256: job.segmentSha256,
    uploadedAt: found.lastModified.toISOString(),
  };
};

export const putSegment = async (
  context: VaultContext,
  job: PutSegment,
  options: CallOptions,
): Promise<Receipt> => {
  if (job.segmentBytes > SEGMENT_BYTES_LIMIT)
    throw new VaultError("SEGMENT_TOO_LARGE", `${job.segmentBytes} bytes`);
  requireContext(job.wrappedKey, job.segment);
  return await withDataKey(context.keys, job.wrappedKey, async (dataKey) => {
    const sealed = await sealFile(context, job, dataKey, options);
    try {
      return await upload(context, job, sealed, options);
    } catch (error) {
      if (!hasCode(error, "STORE_PRECONDITION")) throw error;
      return await adopt(context, job, dataKey, options);
    }
  });
};
