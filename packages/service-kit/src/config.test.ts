/** Environment → object: names, kinds of value, and faults an operator can act on. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, loadConfig, variableName } from "./config.ts";
import { KNOWN_SETTINGS } from "./known-settings.ts";
import { nearestName } from "./nearest-name.ts";
import {
  byteSize,
  deviceModel,
  formatAddress,
  httpUrl,
  keyPrefix,
  listenAddress,
  queueUrl,
  wholeNumber,
} from "./settings.ts";

const schema = z.object({
  apiListen: listenAddress.default({ host: "127.0.0.1", port: 8080 }),
  segmentBytesMax: byteSize({ min: 1024 }).default(64 * 1024 ** 2),
  s3Endpoint: httpUrl.optional(),
  queueUrl,
});
const queue = { REELHOUSE_QUEUE_URL: "redis://localhost" };

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
  }
  return [];
};

describe("loadConfig", () => {
  test("values of every kind → typed, frozen", () => {
    const config = loadConfig(schema, {
      ...queue,
      REELHOUSE_API_LISTEN: "[::1]:0",
      REELHOUSE_SEGMENT_BYTES_MAX: "2 GiB",
      REELHOUSE_S3_ENDPOINT: "",
      PATH: "/bin",
    });
    expect(config).toEqual({
      apiListen: { host: "::1", port: 0 },
      segmentBytesMax: 2 ** 31,
      queueUrl: "redis://localhost",
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test("nothing but what is required → defaults", () => {
    expect(loadConfig(schema, queue).apiListen).toEqual({ host: "127.0.0.1", port: 8080 });
  });

  test("several faults → all of them at once, with form and remedy", () => {
    const faults = faultsOf({
      REELHOUSE_API_LISTEN: "8080",
      REELHOUSE_SEGMENT_BYTES_MAX: "12",
      REELHOUSE_SEGMENT_BYTE_MAX: "1GiB",
    });
    expect(faults).toHaveLength(4);
    const text = faults.join("\n");
    expect(text).toContain('REELHOUSE_API_LISTEN: "8080" is not host:port; wanted: host:port');
    expect(text).toContain("e.g. REELHOUSE_API_LISTEN=127.0.0.1:8080, or unset it");
    expect(text).toContain("must lie between 1024 and");
    expect(text).toContain("REELHOUSE_QUEUE_URL: is not set");
    expect(text).toContain("did you mean REELHOUSE_SEGMENT_BYTES_MAX?");
  });

  test("another service's setting → no fault", () => {
    expect(faultsOf({ ...queue, REELHOUSE_ISCSI_LISTEN: "x" })).toEqual([]);
  });

  test("a secret of the wrong form → its value is not shown", () => {
    const [fault] = faultsOf({ REELHOUSE_QUEUE_URL: "mysql://u:hunter2@h" });
    expect(fault).toContain("REELHOUSE_QUEUE_URL");
    expect(fault).not.toContain("hunter2");
  });
});

describe("kinds of value", () => {
  test.each(["", "host", ":80", "h:65536", "h:-1", "::1:80", "h h:1", "[::1]"])(
    "address %j → refused",
    (text) => expect(listenAddress.safeParse(text).success).toBe(false),
  );
  test.each(["a.b:0", "[fe80::1]:65535", "127.0.0.1:3260"])("address %s → itself again", (text) =>
    expect(formatAddress(listenAddress.parse(text))).toBe(text),
  );
  test.each([
    ["0", 0],
    ["1KiB", 1024],
    ["15TiB", 15 * 2 ** 40],
    ["100 B", 100],
  ])("size %s → %d", (text, size) => expect(byteSize().parse(text)).toBe(size));
  test.each(["", "1MB", "-1", "1.5GiB", "9007199254740993", "9999999999999999TiB", "1e3"])(
    "size %j → refused",
    (text) => expect(byteSize().safeParse(text).success).toBe(false),
  );
  test.each(["0", "65", "2.0", " 2", "0x2"])("whole number %j of 1..64 → refused", (text) =>
    expect(wholeNumber({ min: 1, max: 64 }).safeParse(text).success).toBe(false),
  );
  test.each(["IBM", "IBM:", "IBM:p:", "IBM:p:12345", "VENDOR123:p:r", "a:b:c:d"])(
    "model %j → refused",
    (text) => expect(deviceModel.safeParse(text).success).toBe(false),
  );
  test("model → its parts, the revision if there is one", () => {
    const parts = { vendor: "IBM", product: "ULT3580-TD8", revision: "R3G3" };
    expect(deviceModel.parse("IBM:ULT3580-TD8:R3G3")).toEqual(parts);
    expect(deviceModel.parse("IBM:ULT3580-TD8")).toEqual({ ...parts, revision: undefined });
  });
  test.each(["/a", "a/", "ä"])("prefix %j → refused", (text) =>
    expect(keyPrefix.safeParse(text).success).toBe(false),
  );
});

test("a key of the schema → its variable is known, and known ones have a reader", () => {
  expect(variableName("awsRegion")).toBe("AWS_REGION");
  expect(variableName("s3KmsKeyId")).toBe("REELHOUSE_S3_KMS_KEY_ID");
  expect(Object.keys(KNOWN_SETTINGS)).toContain(variableName("segmentBytesMax"));
  for (const row of Object.values(KNOWN_SETTINGS)) expect(row.readers.length).toBeGreaterThan(0);
});

test("a name like none → no suggestion", () => {
  expect(nearestName("REELHOUSE_ZQXJ", ["REELHOUSE_DATA_DIR"], "REELHOUSE_")).toBeNull();
});
