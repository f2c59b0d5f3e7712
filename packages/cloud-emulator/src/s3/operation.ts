/** What an S3 operation is: one file, one row in operations.ts. */
import type { Headers, ReceivedBlob } from "../http/receive-blob.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Buckets } from "../store/buckets.ts";
import type { Objects } from "../store/objects.ts";
import type { Uploads } from "../store/uploads.ts";

export type RestoreTier = "Expedited" | "Standard" | "Bulk";

export interface S3State {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly blobs: Blobs;
  readonly region: string;
  readonly restoreMs: Readonly<Record<RestoreTier, number>>;
}

export interface S3Call extends S3State {
  readonly bucketName: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readText(): Promise<string>;
  receiveBlob(): Promise<ReceivedBlob>;
}

export interface S3Answer {
  readonly httpStatus?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** XML, or bytes as they come off the disk (then `headers` has their content-length). */
  readonly body?: string | AsyncIterable<Buffer>;
}

export interface S3Operation {
  readonly name: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly level: "service" | "bucket" | "object";
  /** Query parameters that must all be there: they tell the operations of one method apart. */
  readonly query?: readonly string[];
  readonly header?: string;
  execute(call: S3Call): S3Answer | Promise<S3Answer>;
}
