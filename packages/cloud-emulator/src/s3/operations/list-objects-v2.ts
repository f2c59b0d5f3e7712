/** ListObjectsV2: prefix, delimiter, start-after, pages. Reads the table page by page, never the whole bucket. */
import { S3Error } from "../../errors.ts";
import type { ObjectVersion } from "../../store/objects.ts";
import type { S3Call, S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

const KEYS_MAX = 1000;
/** Sorts behind every key that begins with what stands before it. */
const AFTER_ALL = "\u{10FFFF}";

interface Listed {
  readonly contents: ObjectVersion[];
  readonly prefixes: string[];
  readonly truncated: boolean;
  /** Where the next page begins, exclusive. */
  readonly last: string;
}

const readMaxKeys = (query: URLSearchParams): number => {
  const text = query.get("max-keys") ?? String(KEYS_MAX);
  if (!/^\d{1,9}$/.test(text)) throw new S3Error("InvalidArgument", "max-keys");
  return Math.min(Number(text), KEYS_MAX);
};

const commonPrefix = (key: string, prefix: string, delimiter: string): string | null => {
  if (delimiter === "") return null;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? null : key.slice(0, end + delimiter.length);
};

const collect = (call: S3Call, prefix: string, after: string, maxKeys: number): Listed => {
  const delimiter = call.query.get("delimiter") ?? "";
  const contents: ObjectVersion[] = [];
  const prefixes: string[] = [];
  let last = after;
  let from = after > prefix ? after : prefix;
  let exclusive = after > prefix;
  for (;;) {
    const rows = call.objects.page(call.bucketName, from, exclusive, KEYS_MAX + 1);
    for (const row of rows) {
      if (!row.key.startsWith(prefix)) return { contents, prefixes, truncated: false, last };
      if (row.key <= last && last.endsWith(AFTER_ALL)) continue;
      if (contents.length + prefixes.length >= maxKeys)
        return { contents, prefixes, truncated: maxKeys > 0, last };
      const common = commonPrefix(row.key, prefix, delimiter);
      if (common === null) {
        contents.push(row);
        last = row.key;
        from = row.key;
        continue;
      }
      prefixes.push(common);
      last = `${common}${AFTER_ALL}`;
      from = last;
      // The rest of the common prefix is skipped by asking again behind it, not by reading it.
      break;
    }
    exclusive = true;
    const lastRow = rows.at(-1);
    if (lastRow === undefined) return { contents, prefixes, truncated: false, last };
    if (!from.endsWith(AFTER_ALL)) {
      if (rows.length <= KEYS_MAX) return { contents, prefixes, truncated: false, last };
      from = lastRow.key;
    }
  }
};

const content = ({ key, modifiedAtMs, etag, byteLength, meta }: ObjectVersion): string =>
  node(
    "Contents",
    leaf("Key", key),
    leaf("LastModified", new Date(modifiedAtMs).toISOString()),
    leaf("ETag", etag),
    leaf("Size", byteLength),
    leaf("StorageClass", meta.storageClass),
  );

export const listObjectsV2: S3Operation = {
  name: "ListObjectsV2",
  method: "GET",
  level: "bucket",
  query: ["list-type"],
  execute(call) {
    call.buckets.get(call.bucketName);
    const { query } = call;
    const prefix = query.get("prefix") ?? "";
    const token = query.get("continuation-token");
    const startAfter = query.get("start-after") ?? "";
    const after = token === null ? startAfter : Buffer.from(token, "base64url").toString("utf8");
    const maxKeys = readMaxKeys(query);
    const listed = collect(call, prefix, after, maxKeys);
    return {
      body: xmlDocument(
        "ListBucketResult",
        leaf("Name", call.bucketName),
        leaf("Prefix", prefix),
        leaf("Delimiter", query.get("delimiter")),
        leaf("MaxKeys", maxKeys),
        leaf("KeyCount", listed.contents.length + listed.prefixes.length),
        leaf("IsTruncated", listed.truncated),
        leaf("ContinuationToken", token),
        listed.truncated
          ? leaf("NextContinuationToken", Buffer.from(listed.last, "utf8").toString("base64url"))
          : "",
        ...listed.contents.map(content),
        ...listed.prefixes.map((common) => node("CommonPrefixes", leaf("Prefix", common))),
      ),
    };
  },
};
