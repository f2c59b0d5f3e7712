/** What no SDK would send, and what a restart keeps. */
import { connect } from "node:net";
import * as KMS from "@aws-sdk/client-kms";
import * as S3 from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { createCloudEmulator } from "./cloud-emulator.ts";
import { clientsOf, startEmulator } from "./testing-emulator.ts";

const sendRaw = (endpoint: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.end(text));
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.on("close", () => resolve(answer.split("\r\n")[0] ?? "")).on("error", reject);
  });

it.each([
  ["//", "HTTP/1.1 403 Forbidden"],
  ["*", "HTTP/1.1 403 Forbidden"],
  ["http://elsewhere/x", "HTTP/1.1 403 Forbidden"],
  ["/b/%zz", "HTTP/1.1 400 Bad Request"],
])("a request for %s → %s, and the emulator lives on", async (target, status) => {
  await using running = await startEmulator();
  const request = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
  expect(await sendRaw(running.endpoint, request)).toBe(status);
  expect((await running.s3.send(new S3.ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
});

it("closed and opened again → buckets, objects and keys are there", async () => {
  await using running = await startEmulator();
  const target = { Bucket: "kept", Key: "a//../ü" };
  await running.s3.send(new S3.CreateBucketCommand({ Bucket: "kept" }));
  await running.s3.send(new S3.PutObjectCommand({ ...target, Body: "kept" }));
  const { KeyMetadata: key } = await running.kms.send(new KMS.CreateKeyCommand({}));
  await running.emulator.close();

  const again = createCloudEmulator({
    directory: running.directory,
    credentials: { TESTAK: "TESTSK" },
  });
  const { port } = await again.listen("127.0.0.1", 0);
  const { s3, kms } = clientsOf(`http://127.0.0.1:${port}`);
  try {
    const { Body: body } = await s3.send(new S3.GetObjectCommand(target));
    expect(await body?.transformToString()).toBe("kept");
    const { Keys: keys } = await kms.send(new KMS.ListKeysCommand({}));
    expect(keys).toMatchObject([{ KeyId: key?.KeyId }]);
  } finally {
    await again.close();
  }
});

it("a port that is taken → listen rejects", async () => {
  await using running = await startEmulator();
  const other = createCloudEmulator({
    directory: `${running.directory}/other`,
    credentials: {},
  });
  const port = Number(new URL(running.endpoint).port);
  await expect(other.listen("127.0.0.1", port)).rejects.toMatchObject({ code: "EADDRINUSE" });
});
