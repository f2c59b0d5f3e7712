/** kill -9 in the middle of writes: what was answered with 200 is there afterwards, whole. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as S3 from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { clientsOf } from "./testing-emulator.ts";

const ROUNDS = 2;
const WRITERS = 3;
const OBJECT_BYTES = 32 * 1024;
/** Objects answered in a round before the kill. */
const ACKNOWLEDGED_MIN = 12;
const Bucket = "crash";

interface Server {
  readonly child: ChildProcess;
  readonly s3: S3.S3Client;
}

const start = async (directory: string): Promise<Server> => {
  const script = join(import.meta.dirname, "testing-crash-server.ts");
  const child = spawn(process.execPath, [script, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line]: unknown[] = await once(child.stdout, "data");
  return { child, s3: clientsOf(String(line).trim()).s3 };
};

const kill = async ({ child, s3 }: Server): Promise<void> => {
  child.kill("SIGKILL");
  await once(child, "exit");
  s3.destroy();
};

/** Writes until the server is gone; notes what was answered. */
const write = async (s3: S3.S3Client, name: string, acknowledged: Map<string, string>) => {
  for (let number = 0; ; number += 1) {
    const Key = `${name}-${number}`;
    const Body = randomBytes(OBJECT_BYTES);
    const stored = await s3.send(new S3.PutObjectCommand({ Bucket, Key, Body })).then(
      () => true,
      () => false,
    );
    if (!stored) return;
    acknowledged.set(Key, hash("sha256", Body));
  }
};

const lost = async (s3: S3.S3Client, acknowledged: Map<string, string>): Promise<string[]> => {
  const missing: string[] = [];
  for (const [Key, sha256] of acknowledged) {
    const { Body: body } = await s3.send(new S3.GetObjectCommand({ Bucket, Key }));
    const bytes = (await body?.transformToByteArray()) ?? new Uint8Array();
    if (hash("sha256", bytes) !== sha256) missing.push(Key);
  }
  return missing;
};

const countBlobs = async (directory: string): Promise<number> =>
  (await readdir(join(directory, "blobs"), { recursive: true })).filter((name) =>
    name.includes("/"),
  ).length;

it("killed while it writes, twice → no acknowledged object is lost, no half one is left", async () => {
  const directory = await mkdtemp(join(tmpdir(), "reelhouse-crash-"));
  const acknowledged = new Map<string, string>();
  let server = await start(directory);
  try {
    await server.s3.send(new S3.CreateBucketCommand({ Bucket }));
    for (let round = 0; round < ROUNDS; round += 1) {
      const goal = acknowledged.size + ACKNOWLEDGED_MIN;
      const { s3 } = server;
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        write(s3, `${round}-${writer}`, acknowledged),
      );
      await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(goal);
      await kill(server);
      await Promise.all(writers);
      server = await start(directory);
      expect(await lost(server.s3, acknowledged)).toEqual([]);
    }
    const listed = await server.s3.send(new S3.ListObjectsV2Command({ Bucket }));
    expect(await countBlobs(directory)).toBe(listed.KeyCount);
  } finally {
    await kill(server);
    await rm(directory, { recursive: true, force: true });
  }
}, 60_000);
