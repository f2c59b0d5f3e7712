/** KeyService over AWS KMS: GenerateDataKeyWithoutPlaintext, Decrypt, DescribeKey. */
import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { createHash } from "node:crypto";
import type { WrappedKey } from "@reelhouse/contracts";
import { VaultError } from "../errors.ts";
import { KEY_BYTES } from "../format/subkey.ts";
import { callMiddleware } from "../remote-calls.ts";
import type { WatchCall } from "../remote-calls.ts";
import type { AwsCredentials } from "../store/s3-object-store.ts";
import { createKeyCache } from "./key-cache.ts";
import type { KeyContext, KeyService } from "./key-service.ts";
import { toKeyError } from "./kms-errors.ts";

export interface KmsKeyServiceOptions {
  /** Id, ARN or alias of the key that wraps new data keys. */
  readonly keyId: string;
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly credentials?: AwsCredentials | undefined;
  readonly attemptsMax?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
  /** How long a plain key may stay in memory; 0 asks KMS every time. */
  readonly cacheTtlMs?: number | undefined;
  /** Milliseconds, monotonic; for tests. */
  readonly now?: (() => number) | undefined;
  /** Told of each call of KMS. */
  readonly watch?: WatchCall | undefined;
}

const REQUEST_TIMEOUT_MS = 10_000;
const ATTEMPTS_MAX = 3;
/** Long enough for a volume's segments in a row, short enough that a key disabled in KMS stops working soon. */
const CACHE_TTL_MS = 5 * 60_000;
/** One per volume in work; far more than any uploader has at once. */
const CACHE_ENTRIES_MAX = 64;

/** The whole wrapped key, context too: two contexts over one blob must not share an entry. */
const cacheId = (wrapped: WrappedKey): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        wrapped.kmsKeyId,
        wrapped.ciphertext,
        Object.entries(wrapped.context).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ]),
    )
    .digest("hex");

const createClient = (options: KmsKeyServiceOptions): KMSClient => {
  const client = new KMSClient({
    region: options.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    maxAttempts: options.attemptsMax ?? ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const { watch } = options;
  if (watch !== undefined) {
    client.middlewareStack.add(callMiddleware({ api: "kms", watch, toError: toKeyError }), {
      step: "initialize",
      name: "watchCalls",
    });
  }
  return client;
};

const generate = async (
  client: KMSClient,
  keyId: string,
  context: KeyContext,
): Promise<WrappedKey> => {
  const answer = await client.send(
    new GenerateDataKeyWithoutPlaintextCommand({
      KeyId: keyId,
      KeySpec: "AES_256",
      EncryptionContext: { ...context },
    }),
  );
  if (answer.CiphertextBlob === undefined)
    throw new VaultError("KEY_UNAVAILABLE", "KMS sent no key");
  return {
    kmsKeyId: answer.KeyId ?? keyId,
    ciphertext: Buffer.from(answer.CiphertextBlob).toString("base64"),
    context: { ...context },
  };
};

const decrypt = async (client: KMSClient, wrapped: WrappedKey): Promise<Uint8Array> => {
  const { Plaintext: plaintext } = await client.send(
    new DecryptCommand({
      KeyId: wrapped.kmsKeyId,
      CiphertextBlob: Buffer.from(wrapped.ciphertext, "base64"),
      EncryptionContext: wrapped.context,
    }),
  );
  if (plaintext?.length !== KEY_BYTES)
    throw new VaultError("KEY_CONTEXT_MISMATCH", "not a 32-byte data key");
  return plaintext;
};

const attempt = async <T>(what: string, action: () => Promise<T>): Promise<T> => {
  try {
    return await action();
  } catch (error) {
    throw toKeyError(error, what);
  }
};

export const createKmsKeyService = (options: KmsKeyServiceOptions): KeyService => {
  const client = createClient(options);
  const cache = createKeyCache({
    entriesMax: CACHE_ENTRIES_MAX,
    ttlMs: options.cacheTtlMs ?? CACHE_TTL_MS,
    now: options.now ?? (() => performance.now()),
  });
  // Without it a key would stay until somebody asks for it; the timer never keeps the process alive.
  const sweeper = setInterval(() => cache.sweep(), CACHE_TTL_MS / 5).unref();

  return {
    createDataKey: (context) =>
      attempt("GenerateDataKeyWithoutPlaintext", () => generate(client, options.keyId, context)),
    async unwrap(wrapped) {
      const id = cacheId(wrapped);
      const cached = cache.get(id);
      if (cached !== undefined) return cached;
      const plaintext = await attempt("Decrypt", () => decrypt(client, wrapped));
      cache.set(id, plaintext);
      const copy = Buffer.from(plaintext);
      plaintext.fill(0);
      return copy;
    },
    check: () =>
      attempt(`key ${options.keyId}`, async () => {
        const { KeyMetadata: key } = await client.send(
          new DescribeKeyCommand({ KeyId: options.keyId }),
        );
        if (key?.KeyState !== "Enabled")
          throw new VaultError("KEY_DISABLED", `${options.keyId} is ${key?.KeyState}`);
      }),
    close() {
      clearInterval(sweeper);
      cache.clear();
      client.destroy();
    },
  };
};
