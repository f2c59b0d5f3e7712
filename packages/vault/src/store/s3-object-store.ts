/** ObjectStore over S3 or anything that speaks its API. */
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { VaultError } from "../errors.ts";
import { base64ToHex, hexToBase64 } from "../format/digest.ts";
import { callMiddleware } from "../remote-calls.ts";
import type { WatchCall } from "../remote-calls.ts";
import type {
  ByteRange,
  GetOptions,
  Listing,
  ObjectBody,
  ObjectHead,
  ObjectStore,
  PutAnswer,
  PutObject,
} from "./object-store.ts";
import { toStoreError } from "./s3-errors.ts";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3ObjectStoreOptions {
  readonly bucket: string;
  readonly region: string;
  /** Left out: AWS's own endpoint of the region. */
  readonly endpoint?: string | undefined;
  /** Left out: the SDK's chain of providers (environment, profile, container, instance). */
  readonly credentials?: AwsCredentials | undefined;
  readonly connectTimeoutMs?: number | undefined;
  /** Without a byte in either direction. */
  readonly idleTimeoutMs?: number | undefined;
  /** The SDK's own attempts, with its backoff; the queue tries again besides. */
  readonly attemptsMax?: number | undefined;
  /** Keys asked for in one page of a listing; S3 gives at most 1000. */
  readonly pageKeysMax?: number | undefined;
  /** Told of each call of S3. */
  readonly watch?: WatchCall | undefined;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
const ATTEMPTS_MAX = 3;

const createClient = (options: S3ObjectStoreOptions): S3Client => {
  const client = new S3Client({
    region: options.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    maxAttempts: options.attemptsMax ?? ATTEMPTS_MAX,
    // We send our own CRC-32C, native and four times as fast as the SDK's; and stores other than AWS refuse others.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      socketTimeout: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    },
  });
  const { region, watch } = options;
  if (watch !== undefined) {
    const toError = (error: unknown) => toStoreError(error, "", region);
    client.middlewareStack.add(callMiddleware({ api: "s3", watch, toError }), {
      step: "initialize",
      name: "watchCalls",
    });
  }
  return client;
};

interface HeadOutput {
  ETag?: string | undefined;
  VersionId?: string | undefined;
  ContentLength?: number | undefined;
  StorageClass?: string | undefined;
  LastModified?: Date | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumType?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}

const toHead = (output: HeadOutput): ObjectHead => ({
  etag: output.ETag ?? "",
  versionId: output.VersionId ?? null,
  objectBytes: output.ContentLength ?? 0,
  storageClass: output.StorageClass ?? "STANDARD",
  lastModified: output.LastModified ?? new Date(0),
  // A composite checksum is over the parts' checksums, not over the object.
  crc32c:
    output.ChecksumCRC32C === undefined || output.ChecksumType === "COMPOSITE"
      ? null
      : base64ToHex(output.ChecksumCRC32C),
  metadata: output.Metadata ?? {},
});

const abortable = (signal: AbortSignal | undefined) =>
  signal === undefined ? {} : { abortSignal: signal };

/** The body with its transport errors turned into ours. */
async function* guardBody(
  body: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw toStoreError(error, what);
  }
}

/** The SDK's body type covers browsers too; in Node it is a Readable of Buffers. */
const isByteStream = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body;

const createPut =
  (client: S3Client, bucket: string) =>
  async (object: PutObject): Promise<PutAnswer> => {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: object.key,
      Body: object.body,
      ContentLength: object.body.length,
      ContentType: object.contentType,
      IfNoneMatch: "*",
      ChecksumCRC32C: hexToBase64(object.crc32c),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- other stores have classes the SDK cannot know
      ...(object.storageClass === undefined ? {} : { StorageClass: object.storageClass as never }),
      ...(object.metadata === undefined ? {} : { Metadata: { ...object.metadata } }),
    });
    // The signature needs the body's SHA-256, which we have: the SDK would compute it once more, on the event loop.
    command.middlewareStack.add(
      (next) => async (input) => {
        const headers: unknown = Reflect.get(Object(input.request), "headers");
        Reflect.set(Object(headers), "x-amz-content-sha256", object.sha256);
        return await next(input);
      },
      { step: "build", name: "knownPayloadSha256" },
    );
    const answer = await client.send(command, abortable(object.signal));
    const theirs = answer.ChecksumCRC32C;
    if (theirs !== undefined && base64ToHex(theirs) !== object.crc32c)
      throw new VaultError("STORE_CORRUPTED_TRANSFER", `put ${object.key}`);
    return { etag: answer.ETag ?? "", versionId: answer.VersionId ?? null };
  };

type Attempt = <T>(what: string, action: () => Promise<T>) => Promise<T>;

const createAttempt =
  (region: string): Attempt =>
  async (what, action) => {
    try {
      return await action();
    } catch (error) {
      throw toStoreError(error, what, region);
    }
  };

export const createS3ObjectStore = (options: S3ObjectStoreOptions): ObjectStore => {
  const { bucket, region } = options;
  const client = createClient(options);
  const attempt = createAttempt(region);
  const put = createPut(client, bucket);

  const target = (key: string, { versionId }: GetOptions) => ({
    Bucket: bucket,
    Key: key,
    ...(versionId == null ? {} : { VersionId: versionId }),
  });

  const get = (key: string, getOptions: GetOptions, range?: ByteRange): Promise<ObjectBody> =>
    attempt(`get ${key}`, async () => {
      const last = range === undefined ? 0 : range.offset + range.byteLength - 1;
      const command = new GetObjectCommand({
        // No ChecksumMode: the SDK would verify in JavaScript, at a tenth of the speed of what we verify anyway.
        ...target(key, getOptions),
        ...(range === undefined ? {} : { Range: `bytes=${range.offset}-${last}` }),
      });
      const output = await client.send(command, abortable(getOptions.signal));
      if (!isByteStream(output.Body)) throw new VaultError("STORE_UNAVAILABLE", "no body");
      return { ...toHead(output), body: guardBody(output.Body, `get ${key}`) };
    });

  return {
    bucket,
    create: (object) => attempt(`put ${object.key}`, () => put(object)),
    get: (key, getOptions = {}) => get(key, getOptions),
    async getRange(key, range, getOptions = {}) {
      const { body } = await get(key, getOptions, range);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (bytes.length !== range.byteLength)
        throw new VaultError("STORE_CORRUPTED_TRANSFER", `get ${key}: ${bytes.length} bytes`);
      return bytes;
    },
    head: (key, getOptions = {}) =>
      attempt(`head ${key}`, async () => {
        const command = new HeadObjectCommand({
          ...target(key, getOptions),
          ChecksumMode: "ENABLED",
        });
        return toHead(await client.send(command, abortable(getOptions.signal)));
      }),
    list: (prefix, delimiter) => listPages(client, options, prefix, delimiter),
    check: () => checkBucket(client, options),
    close: () => client.destroy(),
  };
};

async function* listPages(
  client: S3Client,
  { bucket, region, pageKeysMax }: S3ObjectStoreOptions,
  prefix: string,
  delimiter: string | undefined,
): AsyncGenerator<Listing> {
  const config = pageKeysMax === undefined ? { client } : { client, pageSize: pageKeysMax };
  const input = {
    Bucket: bucket,
    Prefix: prefix,
    ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
  };
  try {
    for await (const page of paginateListObjectsV2(config, input))
      yield {
        keys: (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])),
        prefixes: (page.CommonPrefixes ?? []).flatMap(({ Prefix }) =>
          Prefix === undefined ? [] : [Prefix],
        ),
      };
  } catch (error) {
    throw toStoreError(error, `list ${prefix}`, region);
  }
}

const checkBucket = async (
  client: S3Client,
  { bucket, region }: S3ObjectStoreOptions,
): Promise<void> => {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    const known = toStoreError(error, `bucket ${bucket}`, region);
    // HEAD has no body to carry NoSuchBucket: a bare 404 means it here.
    throw known.code === "STORE_NOT_FOUND"
      ? new VaultError("STORE_BUCKET_MISSING", `bucket ${bucket}`)
      : known;
  }
};
