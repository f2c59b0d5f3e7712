/** A deployment's settings: what starts, and that everything wrong is said in one go. */
import { ConfigError, KNOWN_SETTINGS } from "@reelhouse/service-kit";
import { expect, test } from "vitest";
import { checkSettings, type Surroundings } from "./check-settings.ts";
import { DEPLOYMENT_SETTINGS, SETTLED } from "./deployment-settings.ts";

const aws = { REELHOUSE_S3_BUCKET: "tapes" };
const emulator = {
  REELHOUSE_S3_BUCKET: "reelhouse",
  REELHOUSE_S3_ENDPOINT: "http://cloud:9000",
  REELHOUSE_KMS_ENDPOINT: "http://cloud:9000",
};
const check = (environment: Record<string, string>, given: Partial<Surroundings> = {}) =>
  checkSettings({ environment, emulatorRuns: false, awsCredentials: "", ...given });
const faultsOf = (...given: Parameters<typeof check>): readonly string[] => {
  try {
    check(...given);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

test("a bucket alone → AWS, by the machine's role", () => {
  expect(check({ ...aws, REELHOUSE_S3_ENDPOINT: "" })).toEqual({ usesEmulator: false });
});

test("the emulator, running → used", () => {
  expect(check(emulator, { emulatorRuns: true })).toEqual({ usesEmulator: true });
});

test("the emulator, not running → both endpoints named, with all ways out", () => {
  const faults = faultsOf(emulator);
  expect(faults).toHaveLength(2);
  expect(faults[0]).toContain("the empty line REELHOUSE_S3_ENDPOINT= in .env");
  expect(faults[0]).toContain("--profile emulator");
});

test("many faults of many kinds → one line each, all at once", () => {
  const faults = faultsOf(
    {
      REELHOUSE_SEGMENT_BYTES_MAX: "12",
      REELHOUSE_UPLOADER_CONCURRENCY: "0",
      REELHOUSE_ISCSI_PUBLISH: "3260",
      REELHOUSE_ISCSI_ANNOUNCE: "0.0.0.0:3260",
      REELHOUSE_ISCSI_LISTEN: "0.0.0.0:3260",
      REELHOUSE_GATEWAY_NAM: "gw2",
      REELHOUSE_MEDIA_VOLUME: "tapes",
      AWS_SECRET_ACCESS_KEY: "hunter2",
    },
    { awsCredentials: "[default]\n" },
  );
  const text = faults.join("\n");
  expect(faults).toHaveLength(10);
  expect(text).toContain("REELHOUSE_S3_BUCKET: is not set");
  expect(text).toContain("REELHOUSE_ISCSI_ANNOUNCE");
  expect(text).toContain("did you mean REELHOUSE_GATEWAY_NAME?");
  expect(text).toContain("set REELHOUSE_ISCSI_PUBLISH instead");
  expect(text).toContain("AWS_SECRET_ACCESS_KEY: must not stand in .env");
  expect(text).toContain("the file holds no aws_access_key_id");
  expect(text).not.toContain("hunter2");
});

test("a deployment's own setting → no name of a service's", () => {
  const shared = Object.keys(DEPLOYMENT_SETTINGS).filter((name) => name in KNOWN_SETTINGS);
  expect(shared).toEqual([]);
  for (const name of Object.keys(SETTLED)) expect(Object.keys(KNOWN_SETTINGS)).toContain(name);
});
