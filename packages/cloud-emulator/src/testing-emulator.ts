/** For this package's tests: an emulator in a folder of its own, and SDK clients that speak to it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { createCloudEmulator } from "./cloud-emulator.ts";
import type { CloudEmulator, CloudEmulatorOptions } from "./cloud-emulator.ts";

export interface TestingEmulator extends AsyncDisposable {
  readonly emulator: CloudEmulator;
  readonly directory: string;
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly kms: KMSClient;
}

const ACCESS_KEY_ID = "TESTAK";
const SECRET_ACCESS_KEY = "TESTSK";

export const clientsOf = (endpoint: string, secretAccessKey = SECRET_ACCESS_KEY) => {
  const settings = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey },
    maxAttempts: 1,
  };
  return {
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    kms: new KMSClient(settings),
  };
};

export const startEmulator = async (
  options: Partial<CloudEmulatorOptions> = {},
): Promise<TestingEmulator> => {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "reelhouse-emulator-")));
  const emulator = createCloudEmulator({
    credentials: { [ACCESS_KEY_ID]: SECRET_ACCESS_KEY },
    log: (event, fields) => console.error(event, fields),
    ...options,
    directory,
  });
  const { port } = await emulator.listen("127.0.0.1", 0);
  const endpoint = `http://127.0.0.1:${port}`;
  const { s3, kms } = clientsOf(endpoint);
  return {
    emulator,
    directory,
    endpoint,
    s3,
    kms,
    async [Symbol.asyncDispose]() {
      s3.destroy();
      kms.destroy();
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
