import * as S3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFaults } from "./faults.ts";
import { startEmulator } from "./testing-emulator.ts";
import type { TestingEmulator } from "./testing-emulator.ts";

const target = { Bucket: "plain", Key: "k" };

let running: TestingEmulator;
let s3: S3.S3Client;
beforeAll(async () => {
  running = await startEmulator({ allowFaults: true });
  ({ s3 } = running);
  await s3.send(new S3.CreateBucketCommand({ Bucket: "plain" }));
  await s3.send(new S3.PutObjectCommand({ ...target, Body: "0123456789" }));
});
beforeEach(() => running.emulator.faults.clear());
afterAll(() => running[Symbol.asyncDispose]());

const read = async (): Promise<string> => {
  const { Body: body } = await s3.send(new S3.GetObjectCommand(target));
  return (await body?.transformToString()) ?? "";
};

const put = (Key: string) =>
  s3.send(new S3.PutObjectCommand({ ...target, Key, Body: Buffer.alloc(5000) }));
const exists = (Key: string) =>
  s3.send(new S3.HeadObjectCommand({ ...target, Key })).then(
    () => true,
    () => false,
  );

describe("faults", () => {
  it("slow-down, twice → two 503, then well again", async () => {
    running.emulator.faults.set({ kind: "slow-down", count: 2 });
    for (let round = 0; round < 2; round += 1)
      await expect(read()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect(await read()).toBe("0123456789");
  });

  it("cut-response of a read → the body breaks off; corrupt-response → one bit differs", async () => {
    running.emulator.faults.set(
      { kind: "cut-response", count: 1 },
      { kind: "corrupt-response", count: 1 },
    );
    await expect(read()).rejects.toThrow();
    // The SDK compares with the checksum of what was stored.
    await expect(read()).rejects.toThrow(/Checksum mismatch/);
    expect(await read()).toBe("0123456789");
  });

  it("cut-request → nothing is done; cut-response of a write → it is done", async () => {
    running.emulator.faults.set({ kind: "cut-request", operation: "PutObject", count: 1 });
    await expect(put("cut-1")).rejects.toThrow();
    expect(await exists("cut-1")).toBe(false);
    running.emulator.faults.set({ kind: "cut-response", operation: "PutObject", count: 1 });
    await expect(put("cut-2")).rejects.toThrow();
    expect(await exists("cut-2")).toBe(true);
  });

  it("outage of KMS → S3 goes on", async () => {
    running.emulator.faults.set({ kind: "outage", service: "kms" });
    expect(await read()).toBe("0123456789");
  });

  it("set over HTTP → they strike; deleted → they do not; nonsense → 400", async () => {
    const url = `${running.endpoint}/_emulator/faults`;
    const post = (body: string) => fetch(url, { method: "POST", body });
    expect((await post('{"kind":"slow-down"}')).status).toBe(200);
    await expect(read()).rejects.toThrow();
    await fetch(url, { method: "DELETE" });
    expect(await read()).toBe("0123456789");
    expect((await post('{"kind":"explode"}')).status).toBe(400);
    expect((await post("nonsense")).status).toBe(400);
  });

  it("not allowed → the path is like any other, and needs a signature", async () => {
    await using other = await startEmulator();
    const response = await fetch(`${other.endpoint}/_emulator/faults`, { method: "POST" });
    expect(response.status).toBe(403);
  });
});

it("take → only what fits, in order, as often as it says", () => {
  const faults = createFaults();
  faults.set(
    { kind: "delay", service: "kms", count: 1 },
    { kind: "outage", operation: "PutObject", count: 2 },
    { kind: "slow-down" },
  );
  const taken = (service: "s3" | "kms", operation: string) => faults.take(service, operation)?.kind;
  expect(taken("s3", "GetObject")).toBe("slow-down");
  expect(taken("kms", "Decrypt")).toBe("delay");
  expect(taken("kms", "Decrypt")).toBe("slow-down");
  expect(taken("s3", "PutObject")).toBe("outage");
  expect(taken("s3", "PutObject")).toBe("outage");
  expect(taken("s3", "PutObject")).toBe("slow-down");
  expect(faults.list()).toEqual([{ kind: "slow-down" }]);
});
