/** Takes a request's body to disk as it streams, verifying all that the request says about it. Memory: one chunk. */
import { createHash } from "node:crypto";
import { CHECKSUMS, checksumHeader, checksumNames, isChecksumName } from "../checksums.ts";
import type { ChecksumName, Checksums, RunningChecksum } from "../checksums.ts";
import { S3Error } from "../errors.ts";
import type { Blobs } from "../store/blobs.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";

export interface ReceivedBlob {
  readonly blobId: string;
  readonly byteLength: number;
  /** Hexadecimal. */
  readonly md5: string;
  /** What the client gave, all verified. */
  readonly checksums: Checksums;
}

export type Headers = Readonly<Record<string, string>>;

const SHA256_HEX = /^[0-9a-f]{64}$/;

const isStreaming = (headers: Headers): boolean =>
  headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true;

/** Passes the body on and fails at its end if it is not what x-amz-content-sha256 signed. */
async function* checkPayload(source: AsyncIterable<Buffer>, headers: Headers) {
  const expected = headers["x-amz-content-sha256"] ?? "";
  if (!SHA256_HEX.test(expected)) {
    yield* source;
    return;
  }
  const hash = createHash("sha256");
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== expected) throw new S3Error("XAmzContentSHA256Mismatch");
}

/** The bytes of the payload proper, and its trailers when they have all passed. */
export const payloadOf = (
  source: AsyncIterable<Buffer>,
  headers: Headers,
  trailers: Map<string, string>,
): AsyncIterable<Buffer> => {
  const checked = checkPayload(source, headers);
  return isStreaming(headers) ? decodeAwsChunked(checked, trailers) : checked;
};

/** Checksums to compute: those with a value in the headers, and those whose value comes in the trailer. */
const wantedChecksums = (headers: Headers): readonly ChecksumName[] => {
  const trailer = (headers["x-amz-trailer"] ?? "").toLowerCase();
  return checksumNames.filter(
    (name) => headers[checksumHeader(name)] !== undefined || trailer.includes(checksumHeader(name)),
  );
};

const verify = (
  running: ReadonlyMap<ChecksumName, RunningChecksum>,
  headers: Headers,
  trailers: ReadonlyMap<string, string>,
): Checksums => {
  const verified: Checksums = {};
  for (const [name, checksum] of running) {
    const given = headers[checksumHeader(name)] ?? trailers.get(checksumHeader(name));
    if (given === undefined) throw new S3Error("MalformedTrailerError");
    if (checksum.finish() !== given)
      throw new S3Error("BadDigest", `The ${name} you specified did not match what we received.`);
    verified[name] = given;
  }
  return verified;
};

const expectedBytes = (headers: Headers): number | null => {
  const text = isStreaming(headers)
    ? headers["x-amz-decoded-content-length"]
    : headers["content-length"];
  return text === undefined ? null : Number(text);
};

export const receiveBlob = async (
  source: AsyncIterable<Buffer>,
  headers: Headers,
  blobs: Blobs,
): Promise<ReceivedBlob> => {
  const trailers = new Map<string, string>();
  const md5 = createHash("md5");
  const running = new Map(
    wantedChecksums(headers)
      .filter(isChecksumName)
      .map((name) => [name, CHECKSUMS[name]()] as const),
  );
  let byteLength = 0;
  let result: Omit<ReceivedBlob, "blobId"> | undefined;
  async function* measured() {
    for await (const chunk of payloadOf(source, headers, trailers)) {
      md5.update(chunk);
      for (const checksum of running.values()) checksum.update(chunk);
      byteLength += chunk.length;
      yield chunk;
    }
    // Here, before the blob is synced: what fails leaves no blob behind.
    if (byteLength !== (expectedBytes(headers) ?? byteLength)) throw new S3Error("IncompleteBody");
    const checksums = verify(running, headers, trailers);
    const digest = md5.digest();
    const contentMd5 = headers["content-md5"];
    if (contentMd5 !== undefined && contentMd5 !== digest.toString("base64"))
      throw new S3Error("BadDigest", "The Content-MD5 you specified did not match.");
    result = { byteLength, md5: digest.toString("hex"), checksums };
  }
  const blobId = await blobs.create(measured());
  if (result === undefined) throw new S3Error("InternalError");
  return { blobId, ...result };
};

/** A small body (XML, JSON) as text. */
export const receiveText = async (
  source: AsyncIterable<Buffer>,
  headers: Headers,
  byteLengthMax: number,
): Promise<string> => {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of payloadOf(source, headers, new Map())) {
    byteLength += chunk.length;
    if (byteLength > byteLengthMax) throw new S3Error("MalformedXML", "The body is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};
