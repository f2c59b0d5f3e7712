/** The emulator: one HTTP server that is S3 and KMS at once, over one folder. Not for production: see README.md. */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { KmsError, S3Error } from "./errors.ts";
import { createFaults, readFaults } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { ConnectionCut, createExchange } from "./http/exchange.ts";
import type { Answer, Exchange } from "./http/exchange.ts";
import { receiveText } from "./http/receive-blob.ts";
import { verifySignature } from "./http/sigv4.ts";
import type { SignatureFault } from "./http/sigv4.ts";
import { openKeys } from "./kms/keys.ts";
import type { KmsKeys } from "./kms/keys.ts";
import { isKmsRequest, kmsErrorAnswer, serveKms } from "./kms/serve.ts";
import type { RestoreTier, S3State } from "./s3/operation.ts";
import { s3ErrorAnswer, serveS3 } from "./s3/serve.ts";
import { openBlobs } from "./store/blobs.ts";
import { openBuckets } from "./store/buckets.ts";
import { openDatabase } from "./store/database.ts";
import { openObjects } from "./store/objects.ts";
import { openUploads } from "./store/uploads.ts";

export interface CloudEmulatorOptions {
  /** Made if missing. One emulator at a time. */
  readonly directory: string;
  /** Access key id → secret access key; every one may do everything. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly region?: string | undefined;
  /** Refuses what was signed for another region, as AWS does. Default: an emulator serves whoever asks. */
  readonly regionStrict?: boolean | undefined;
  /** Milliseconds since 1970, for signatures and the answers' Date; a test sets it apart from the client's. */
  readonly now?: (() => number) | undefined;
  /** How long RestoreObject takes, by tier. */
  readonly restoreMs?: Partial<Readonly<Record<RestoreTier, number>>> | undefined;
  /** Lets anybody who reaches the port set faults, at /_emulator/faults. */
  readonly allowFaults?: boolean | undefined;
  /** Told of each request that failed through the emulator's own fault. */
  readonly log?: ((event: string, fields: Readonly<Record<string, unknown>>) => void) | undefined;
}

export interface CloudEmulator {
  /** Port 0: any free one. Resolves with the one it listens on. */
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  /** Cuts open connections; what was answered stays. Again: the same promise. */
  close(): Promise<void>;
  readonly faults: Faults;
}

const REGION_DEFAULT = "us-east-1";
/** Long enough to be seen, short enough for a test. */
const RESTORE_MS: Readonly<Record<RestoreTier, number>> = {
  Expedited: 100,
  Standard: 500,
  Bulk: 1000,
};
/** Longer than the SDK keeps a connection, so that the client is the one to close. */
const KEEP_ALIVE_MS = 60_000;
const FAULTS_PATH = "/_emulator/faults";
const FAULTS_BYTES_MAX = 64 * 1024;

interface Emulation {
  readonly options: CloudEmulatorOptions;
  readonly s3: S3State;
  readonly keys: KmsKeys;
  readonly faults: Faults;
  readonly now: () => number;
}

const json = (httpStatus: number, value: unknown): Answer => ({
  httpStatus,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

const serveFaults = async (exchange: Exchange, faults: Faults): Promise<Answer> => {
  if (exchange.method === "DELETE") faults.clear();
  if (exchange.method === "POST") {
    const text = await receiveText(exchange.body(), {}, FAULTS_BYTES_MAX);
    try {
      faults.set(...readFaults(text));
    } catch (error) {
      return json(400, { message: error instanceof Error ? error.message : String(error) });
    }
  }
  return json(200, faults.list());
};

const checkSignature = (
  exchange: Exchange,
  emulation: Emulation,
  payloadSha256: string,
): SignatureFault | null =>
  verifySignature(
    { method: exchange.method, target: exchange.target, headers: exchange.headers, payloadSha256 },
    emulation.options.credentials,
    emulation.now(),
    emulation.options.regionStrict === true ? emulation.s3.region : null,
  );

const serve = async (exchange: Exchange, emulation: Emulation): Promise<Answer> => {
  const { faults } = emulation;
  if (emulation.options.allowFaults === true && exchange.path === FAULTS_PATH)
    return await serveFaults(exchange, faults);
  if (isKmsRequest(exchange))
    return await serveKms(exchange, emulation.keys, faults, (payloadSha256) =>
      checkSignature(exchange, emulation, payloadSha256),
    );
  const payloadSha256 = exchange.headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD";
  const fault = checkSignature(exchange, emulation, payloadSha256);
  return await serveS3(exchange, emulation.s3, faults, fault);
};

const errorAnswer = (error: unknown, exchange: Exchange, { options }: Emulation): Answer => {
  if (error instanceof KmsError) return kmsErrorAnswer(error);
  if (error instanceof S3Error && !isKmsRequest(exchange)) return s3ErrorAnswer(error, exchange);
  if (error instanceof S3Error)
    return kmsErrorAnswer(new KmsError("ValidationException", error.message));
  options.log?.("emulator.failed", { target: exchange.target, error });
  return isKmsRequest(exchange)
    ? kmsErrorAnswer(new KmsError("KMSInternalException"))
    : s3ErrorAnswer(new S3Error("InternalError"), exchange);
};

const handle = async (
  request: IncomingMessage,
  response: ServerResponse,
  emulation: Emulation,
): Promise<void> => {
  const requestId = randomUUID();
  const exchange = createExchange(request, response, requestId);
  const identify = (answer: Answer): Answer => ({
    ...answer,
    headers: {
      "x-amz-request-id": requestId,
      "x-amzn-requestid": requestId,
      date: new Date(emulation.now()).toUTCString(),
      ...answer.headers,
    },
  });
  try {
    const answer = await serve(exchange, emulation).catch((error: unknown) => {
      if (error instanceof ConnectionCut) throw error;
      return errorAnswer(error, exchange, emulation);
    });
    await exchange.send(identify(answer));
  } catch (error) {
    // Half an answer cannot be taken back: the client must see that it is broken.
    response.destroy();
    if (!(error instanceof ConnectionCut))
      emulation.options.log?.("emulator.answer-failed", { target: exchange.target, error });
  }
};

export const createCloudEmulator = (options: CloudEmulatorOptions): CloudEmulator => {
  const blobsDirectory = join(options.directory, "blobs");
  mkdirSync(blobsDirectory, { recursive: true });
  const database = openDatabase(options.directory);
  const region = options.region ?? REGION_DEFAULT;
  const s3: S3State = {
    buckets: openBuckets(database),
    objects: openObjects(database),
    uploads: openUploads(database),
    blobs: openBlobs(blobsDirectory),
    region,
    restoreMs: { ...RESTORE_MS, ...options.restoreMs },
  };
  s3.blobs.sweep((id) => s3.objects.hasBlob(id) || s3.uploads.hasBlob(id));
  const faults = createFaults();
  const now = options.now ?? Date.now;
  const emulation: Emulation = { options, s3, keys: openKeys(database, region), faults, now };
  const listener: RequestListener = (request, response) => {
    void handle(request, response, emulation);
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  // Ours to answer: a refused upload is refused before its body is sent.
  server.on("checkContinue", listener);
  let closed: Promise<void> | undefined;
  return {
    faults,
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject).listen(port, host, () => {
          const address = server.address();
          resolve({ port: typeof address === "object" && address !== null ? address.port : port });
        });
      }),
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => {
          database.close();
          resolve();
        });
        server.closeAllConnections();
      });
      return closed;
    },
  };
};
