/** What services find in the store: a bucket and a key, made once. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { KMSClient, ListAliasesCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  createCloudEmulator,
  EMBEDDED_CLOUD,
  ensureCloudCredentials,
} from "@reelhouse/cloud-emulator";
import { expect, test } from "vitest";
import { furnishCloud } from "./furnish.ts";

test("furnished twice → one bucket, one key under its alias; the credentials are the same and only ours", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "rh-cloud-"));
  const file = path.join(directory, "credentials.json");
  const credentials = await ensureCloudCredentials(file);
  expect(await ensureCloudCredentials(file)).toEqual(credentials);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { region, bucket, keyAlias } = EMBEDDED_CLOUD;
  const emulator = createCloudEmulator({
    directory: path.join(directory, "store"),
    credentials: { [credentials.accessKeyId]: credentials.secretAccessKey },
    region,
  });
  const { port } = await emulator.listen("127.0.0.1", 0);
  const endpoint = `http://127.0.0.1:${port}`;
  const contents = { endpoint, region, credentials, bucket, keyAlias };
  await furnishCloud(contents);
  await furnishCloud(contents);
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const kms = new KMSClient({ endpoint, region, credentials });
  const buckets = await s3.send(new ListBucketsCommand());
  expect(buckets.Buckets?.map(({ Name }) => Name)).toEqual([bucket]);
  const { Aliases } = await kms.send(new ListAliasesCommand());
  const { Keys } = await kms.send(new ListKeysCommand());
  expect(Keys).toHaveLength(1);
  expect(Aliases?.find(({ AliasName }) => AliasName === keyAlias)?.TargetKeyId).toBe(
    Keys?.[0]?.KeyId,
  );
  s3.destroy();
  kms.destroy();
  await emulator.close();
  rmSync(directory, { recursive: true });
});
