/** The whole uploader on a real queue and the emulator: duplicates, a store that is away, a queue that is wiped. */
import { uploadSegment, type Receipt } from "@reelhouse/contracts";
import {
  connectQueue,
  createLogger,
  loadConfig,
  type QueueConnection,
} from "@reelhouse/service-kit";
import { databases, type TestDatabase } from "@reelhouse/service-kit/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { uploaderConfig } from "./config.ts";
import { createTestCloud, testCredentials, type TestCloud } from "./testing.ts";
import { createUploader, type Uploader } from "./uploader.ts";

const logger = createLogger("test", "fatal");
const receipts = new Map<string, Receipt>();
const failures = new Map<string, string>();
const soon = { timeout: 15_000, interval: 30 };
let cloud: TestCloud;
let server: TestDatabase;
let uploader: Uploader;
let ops = "";
let gateway: QueueConnection;

const begin = async (create: () => Promise<TestDatabase>) => {
  receipts.clear();
  failures.clear();
  // The SDK's own chain of credentials, as in production.
  vi.stubEnv("AWS_ACCESS_KEY_ID", testCredentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", testCredentials.secretAccessKey);
  cloud = await createTestCloud();
  server = await create();
  await server.start();
  const config = loadConfig(uploaderConfig, {
    REELHOUSE_DATA_DIR: cloud.directory,
    REELHOUSE_QUEUE_URL: server.url,
    REELHOUSE_S3_BUCKET: "tapes",
    REELHOUSE_S3_ENDPOINT: cloud.endpoint,
    REELHOUSE_KMS_ENDPOINT: cloud.endpoint,
    REELHOUSE_UPLOADER_OPS_LISTEN: "127.0.0.1:0",
  });
  uploader = createUploader(config, logger);
  ({ ops } = await uploader.start());
  gateway = connectQueue(server.url, logger);
  const events = gateway.events("upload");
  events.onCompleted(uploadSegment, (id, { receipt }) => receipts.set(id, receipt));
  events.onFailed(uploadSegment, (id, reason) => failures.set(id, reason));
  await events.ready(10_000);
};
const end = async () => {
  await uploader.stop();
  await gateway.close();
  await cloud.close();
  await server.remove();
  vi.unstubAllEnvs();
};

/** As the gateway does: what has no receipt is offered again and again. */
const offerUntilDone = (jobs: readonly Awaited<ReturnType<TestCloud["segment"]>>[]) => {
  const queue = gateway.queue("upload");
  const sweep = async () => {
    for (const { id, payload } of jobs) {
      if (receipts.has(id)) continue;
      const offer = await queue.offer(uploadSegment, id, payload);
      if (offer.state === "completed") receipts.set(id, offer.result.receipt);
    }
    expect(jobs.filter(({ id }) => !receipts.has(id))).toEqual([]);
  };
  return vi.waitFor(sweep, { timeout: 25_000, interval: 300 });
};
const segments = (first: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => cloud.segment(first + index)));

describe.each(databases)("uploader, its queue on %s", (_kind, create) => {
  beforeAll(() => begin(create), 30_000);
  afterEach(() => cloud.emulator.faults.clear());
  afterAll(end, 30_000);

  test("jobs offered three times each → each object once, each with a receipt", async () => {
    const jobs = await segments(1, 6);
    const queue = gateway.queue("upload");
    for (const { id, payload } of [...jobs, ...jobs, ...jobs])
      await queue.offer(uploadSegment, id, payload);
    await offerUntilDone(jobs);
    expect(await cloud.keys()).toEqual(jobs.map(({ id }) => id));
  }, 30_000);

  test("a store that is away → the jobs wait; it comes back → they are done without another offer", async () => {
    const [job] = await segments(20, 1);
    cloud.emulator.faults.set({ kind: "outage" });
    if (job !== undefined) await gateway.queue("upload").offer(uploadSegment, job.id, job.payload);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(receipts.has(job?.id ?? "")).toBe(false);
    cloud.emulator.faults.clear();
    await vi.waitFor(() => expect(receipts.has(job?.id ?? "")).toBe(true), soon);
  }, 30_000);

  test("the queue wiped while jobs wait → offered again, none is lost", async () => {
    const jobs = await segments(30, 6);
    cloud.emulator.faults.set({
      kind: "delay",
      delayMs: 150,
      service: "s3",
      operation: "PutObject",
    });
    const queue = gateway.queue("upload");
    for (const { id, payload } of jobs) await queue.offer(uploadSegment, id, payload);
    await vi.waitFor(() => expect(receipts.has(jobs[0]?.id ?? "")).toBe(true), soon);
    await server.wipeQueue();
    await offerUntilDone(jobs);
    expect((await cloud.keys()).filter((key) => jobs.some(({ id }) => id === key))).toHaveLength(6);
  }, 40_000);

  test("a segment dropped before its turn → fails for good, with the reason", async () => {
    const job = await cloud.segment(50);
    const missing = { ...job.payload, path: "RHS001L8/none" };
    await gateway.queue("upload").offer(uploadSegment, job.id, missing);
    await vi.waitFor(() => expect(failures.get(job.id)).toMatch(/^MEDIA_FILE_MISSING: /), soon);
  }, 30_000);

  test("asked for its health → alive, ready, metrics by job", async () => {
    expect((await fetch(`http://${ops}/healthz`)).status).toBe(200);
    const ready = await fetch(`http://${ops}/readyz`);
    expect(await ready.json()).toMatchObject({ ready: true });
    const text = await (await fetch(`http://${ops}/metrics`)).text();
    expect(text).toMatch(
      /reelhouse_upload_objects_total\{job="upload-segment",service="uploader"\} \d+/,
    );
    expect(text).toMatch(/reelhouse_upload_errors_total\{.*code="MEDIA_FILE_MISSING".*\} 1/);
  });
});
