/** The Range header (RFC 9110, 14.2): one byte range; anything else is as if it were not there. */
import { S3Error } from "../errors.ts";
import type { BlobRange } from "../store/blobs.ts";

const BYTES = /^bytes=(\d*)-(\d*)$/;

/** null: the whole object. InvalidRange if no byte of it is asked for. */
export const readRange = (header: string | undefined, byteLength: number): BlobRange | null => {
  const [, first = "", last = ""] = BYTES.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const offset = first === "" ? Math.max(0, byteLength - Number(last)) : Number(first);
  const lastByte =
    first === "" || last === "" ? byteLength - 1 : Math.min(Number(last), byteLength - 1);
  if (offset > lastByte) throw new S3Error("InvalidRange");
  return { offset, byteLength: lastByte - offset + 1 };
};
