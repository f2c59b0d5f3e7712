/** Settings that cannot be: the product does not start, and says what to correct, all of it at once. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startReelhouse } from "@reelhouse/testing";
import { expect, test } from "vitest";
import type { Settings } from "./product.ts";

/** Starts a product that must not start; gives what it showed. */
const failedStart = async (settings: Settings): Promise<string> => {
  const dataDir = mkdtempSync(join(tmpdir(), "reelhouse-acceptance-"));
  try {
    const started = await startReelhouse({ dataDir, settings }).catch((error: unknown) => error);
    if (!(started instanceof Error)) throw new Error("it started");
    expect(started.message).toContain("ended with 1 before it was ready");
    return started.message;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};

test("faults in settings of launcher, gateway, uploader, inventory and AWS → exit code 1, all named at once", async () => {
  const shown = await failedStart({
    REELHOUSE_LOG_LEVEL: "loud",
    REELHOUSE_API_LISTEN: "nowhere",
    REELHOUSE_CACHE_BYTE_MAX: "1GiB",
    REELHOUSE_SEGMENT_BYTES_MAX: "many",
    REELHOUSE_UPLOADER_CONCURRENCY: "0",
    REELHOUSE_GATEWAY_NAME: "Not A Name",
    REELHOUSE_KMS_ENDPOINT: "kms",
    AWS_REGION: "Frankfurt",
  });
  expect(shown).toMatch(/9 settings are wrong/);
  expect(shown).toContain("REELHOUSE_S3_BUCKET: is not set");
  expect(shown).toContain('REELHOUSE_LOG_LEVEL: "loud"');
  expect(shown).toContain('REELHOUSE_API_LISTEN: "nowhere"');
  expect(shown).toContain("did you mean REELHOUSE_CACHE_BYTES_MAX?");
  expect(shown).toContain('REELHOUSE_SEGMENT_BYTES_MAX: "many"');
  expect(shown).toContain("REELHOUSE_UPLOADER_CONCURRENCY");
  expect(shown).toContain("REELHOUSE_GATEWAY_NAME");
  expect(shown).toContain('REELHOUSE_KMS_ENDPOINT: "kms"');
  expect(shown).toContain('AWS_REGION: "Frankfurt"');
});

test("a port in use → exit code 1, with the port and its setting", async () => {
  const occupant = createServer().listen(0, "127.0.0.1");
  await once(occupant, "listening");
  const address = occupant.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const shown = await failedStart({ REELHOUSE_ISCSI_LISTEN: `127.0.0.1:${port}` });
  occupant.close();
  expect(shown).toMatch(
    new RegExp(`REELHOUSE_ISCSI_LISTEN.*${port}|${port}.*REELHOUSE_ISCSI_LISTEN`),
  );
});
