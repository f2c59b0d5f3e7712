/** The port to one bucket. Implementations throw VaultError with a STORE_… code and nothing else. */

export interface PutObject {
  readonly key: string;
  readonly body: Buffer;
  /** Of `body`, hexadecimal; the store verifies it. */
  readonly crc32c: string;
  readonly sha256: string;
  readonly contentType: string;
  readonly storageClass?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PutAnswer {
  readonly etag: string;
  readonly versionId: string | null;
}

export interface ObjectHead extends PutAnswer {
  readonly objectBytes: number;
  readonly storageClass: string;
  readonly lastModified: Date;
  /** What the store says of the whole object; null where it keeps no CRC-32C. */
  readonly crc32c: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ObjectBody extends ObjectHead {
  /** Read to its end or destroyed (by leaving a `for await`), or its connection stays taken. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface GetOptions {
  readonly versionId?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes [offset, offset + byteLength) of the object. */
export interface ByteRange {
  readonly offset: number;
  readonly byteLength: number;
}

export interface Listing {
  /** Keys, and the common prefixes that `delimiter` made, both whole. */
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

export interface ObjectStore {
  readonly bucket: string;
  /** Creates, never replaces: STORE_PRECONDITION if the key is taken. Durable when it resolves. */
  create(object: PutObject): Promise<PutAnswer>;
  get(key: string, options?: GetOptions): Promise<ObjectBody>;
  /** Exactly the range, in memory; STORE_CORRUPTED_TRANSFER if the answer is shorter or longer. */
  getRange(key: string, range: ByteRange, options?: GetOptions): Promise<Buffer>;
  head(key: string, options?: GetOptions): Promise<ObjectHead>;
  /** One page at a time, in key order. */
  list(prefix: string, delimiter?: string): AsyncIterable<Listing>;
  /** For start-up: rejects with the fault that would stop every later call. */
  check(): Promise<void>;
  close(): void;
}
