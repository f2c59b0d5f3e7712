/** Finds the operation a request means: method, level (by the path), query parameters and headers. */
import { S3Error } from "../errors.ts";
import type { Headers } from "../http/receive-blob.ts";
import { S3_OPERATIONS } from "./operations.ts";
import type { S3Operation } from "./operation.ts";

export interface S3Target {
  readonly bucketName: string;
  readonly key: string;
  readonly level: S3Operation["level"];
}

/** Sub-resources: an operation without `query` must not answer for one the emulator does not do. */
const SUBRESOURCES = new Set(
  [
    "accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle",
    "location logging metrics notification object-lock ownershipControls partNumber policy policyStatus",
    "publicAccessBlock replication requestPayment restore retention select tagging torrent uploadId uploads",
    "versioning versions website",
  ].flatMap((line) => line.split(" ")),
);

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI");
  }
};

/** Path style only: `/bucket/key`. */
export const readTarget = (encodedPath: string): S3Target => {
  const path = decode(encodedPath.slice(1));
  const slash = path.indexOf("/");
  const bucketName = slash < 0 ? path : path.slice(0, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  if (bucketName === "") return { bucketName, key, level: "service" };
  return { bucketName, key, level: key === "" ? "bucket" : "object" };
};

const fits = (
  operation: S3Operation,
  method: string,
  target: S3Target,
  query: URLSearchParams,
  headers: Headers,
): boolean => {
  if (operation.method !== method || operation.level !== target.level) return false;
  if (operation.header !== undefined && headers[operation.header] === undefined) return false;
  if (operation.query !== undefined) return operation.query.every((name) => query.has(name));
  return ![...query.keys()].some((name) => SUBRESOURCES.has(name));
};

export const route = (
  method: string,
  target: S3Target,
  query: URLSearchParams,
  headers: Headers,
): S3Operation | undefined =>
  S3_OPERATIONS.find((operation) => fits(operation, method, target, query, headers));
