/** CompleteMultipartUpload: the parts, copied one behind the other, become the object. */
import { createHash } from "node:crypto";
import { CHECKSUMS } from "../../checksums.ts";
import type { Checksums, RunningChecksum } from "../../checksums.ts";
import { S3Error } from "../../errors.ts";
import type { Part, UploadMeta } from "../../store/uploads.ts";
import { checkWrite } from "../conditions.ts";
import { dropUpload } from "../drop-upload.ts";
import { nameBlob } from "../name-blob.ts";
import { storedHeaders } from "../object-headers.ts";
import type { S3Call, S3Operation } from "../operation.ts";
import { findAll, findText, leaf, xmlDocument } from "../xml.ts";

const PART_BYTES_MIN = 5 * 1024 * 1024;

const bare = (etag: string): string => etag.replaceAll('"', "");

/** The parts the request names, in its order, which must be theirs. */
const selectParts = (xml: string, parts: readonly Part[]): readonly Part[] => {
  const entries = findAll(xml, "Part");
  if (entries.length === 0) throw new S3Error("MalformedXML");
  const selected = entries.map((entry) => {
    const number = Number(findText(entry, "PartNumber"));
    const part = parts.find((candidate) => candidate.number === number);
    if (part === undefined || bare(part.etag) !== bare(findText(entry, "ETag") ?? ""))
      throw new S3Error("InvalidPart");
    return part;
  });
  for (const [index, part] of selected.entries()) {
    const next = selected[index + 1];
    if (next === undefined) break;
    if (next.number <= part.number) throw new S3Error("InvalidPartOrder");
    if (part.byteLength < PART_BYTES_MIN) throw new S3Error("EntityTooSmall");
  }
  return selected;
};

/** md5 of the parts' md5s, and their count. */
const compositeEtag = (parts: readonly Part[]): string => {
  const md5 = createHash("md5");
  for (const { etag } of parts) md5.update(bare(etag), "hex");
  return `"${md5.digest("hex")}-${parts.length}"`;
};

const compositeChecksum = (meta: UploadMeta, parts: readonly Part[]): Checksums => {
  const name = meta.checksumName;
  if (name === null) return {};
  const checksum = CHECKSUMS[name]();
  for (const part of parts) {
    const value = part.checksums[name];
    if (value === undefined) throw new S3Error("InvalidRequest", `A part has no ${name}.`);
    checksum.update(Buffer.from(value, "base64"));
  }
  return { [name]: `${checksum.finish()}-${parts.length}` };
};

async function* readParts(
  call: S3Call,
  parts: readonly Part[],
  checksum: RunningChecksum | null,
): AsyncGenerator<Buffer> {
  for (const { blobId, byteLength } of parts)
    for await (const chunk of await call.blobs.read(blobId, { offset: 0, byteLength })) {
      checksum?.update(chunk);
      yield chunk;
    }
}

export const completeMultipartUpload: S3Operation = {
  name: "CompleteMultipartUpload",
  method: "POST",
  level: "object",
  query: ["uploadId"],
  async execute(call) {
    const bucket = call.buckets.get(call.bucketName);
    const upload = call.uploads.get(bucket.name, call.key, call.query.get("uploadId") ?? "");
    const parts = selectParts(await call.readText(), call.uploads.parts(upload.id));
    checkWrite(call.headers, call.objects.latest(bucket.name, call.key));
    const { object, checksumName } = upload.meta;
    const whole = object.checksumType === "FULL_OBJECT" && checksumName !== null;
    const running = whole ? CHECKSUMS[checksumName]() : null;
    const blobId = await call.blobs.create(readParts(call, parts, running));
    const checksums =
      whole && running !== null
        ? { [checksumName]: running.finish() }
        : compositeChecksum(upload.meta, parts);
    const version = await nameBlob(call, bucket, {
      key: call.key,
      byteLength: parts.reduce((total, { byteLength }) => total + byteLength, 0),
      etag: compositeEtag(parts),
      blobId,
      meta: { ...object, checksums, partBytes: parts.map(({ byteLength }) => byteLength) },
    });
    await dropUpload(call, upload.id);
    return {
      headers: storedHeaders(version),
      body: xmlDocument(
        "CompleteMultipartUploadResult",
        leaf("Location", `/${bucket.name}/${call.key}`),
        leaf("Bucket", bucket.name),
        leaf("Key", call.key),
        leaf("ETag", version.etag),
      ),
    };
  },
};
