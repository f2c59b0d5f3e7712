import { describe, expect, it } from "vitest";
import { toKeyError } from "../keys/kms-errors.ts";
import { toStoreError } from "./s3-errors.ts";

const sdkError = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error("message"), {
    name,
    $metadata: { httpStatusCode, requestId: "r-1" },
    $response: { headers: { authorization: "AWS4-HMAC-SHA256 Signature=secret" } },
  });

describe("toStoreError", () => {
  it.each([
    ["SlowDown", 503, "STORE_UNAVAILABLE", true],
    ["UnknownToUs", 500, "STORE_UNAVAILABLE", true],
    ["TimeoutError", undefined, "STORE_UNAVAILABLE", true],
    ["ConditionalRequestConflict", 409, "STORE_UNAVAILABLE", true],
    ["BadDigest", 400, "STORE_CORRUPTED_TRANSFER", true],
    ["UnknownToUs", 429, "STORE_UNAVAILABLE", true],
    ["NoSuchKey", 404, "STORE_NOT_FOUND", false],
    ["403", 403, "STORE_ACCESS_DENIED", false],
    ["301", 301, "STORE_WRONG_REGION", false],
    ["412", 412, "STORE_PRECONDITION", false],
    ["InvalidObjectState", 403, "STORE_ARCHIVED", false],
    ["UnknownToUs", 400, "STORE_REJECTED", false],
  ])("%s, HTTP %s → %s, retryable %s", (name, httpStatus, code, retryable) => {
    const error = toStoreError(sdkError(name, httpStatus), "put a");
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain("put a");
  });

  it("the SDK's request and response → not in the error, nor its cause", () => {
    const error = toStoreError(sdkError("AccessDenied", 403), "put a");
    expect(error.cause).toBeUndefined();
    expect(JSON.stringify(error) + error.message).not.toContain("Signature=");
    expect(error.message).toContain("r-1");
  });

  it("Node's AggregateError of refused connections → says which", () => {
    const inner = Object.assign(new Error("connect ECONNREFUSED ::1:9"), { code: "ECONNREFUSED" });
    const error = toStoreError(new AggregateError([inner], ""), "head a");
    expect(error.code).toBe("STORE_UNAVAILABLE");
    expect(error.message).toContain("ECONNREFUSED");
  });
});

it.each([
  ["DisabledException", "KEY_DISABLED", false],
  ["KMSInvalidStateException", "KEY_DISABLED", false],
  ["InvalidCiphertextException", "KEY_CONTEXT_MISMATCH", false],
  ["AccessDeniedException", "KEY_ACCESS_DENIED", false],
  ["NotFoundException", "KEY_NOT_FOUND", false],
  ["ThrottlingException", "KEY_UNAVAILABLE", true],
  ["SomethingNew", "KEY_UNAVAILABLE", true],
])("KMS's %s → %s, retryable %s", (name, code, retryable) => {
  expect(toKeyError(sdkError(name, 400), "Decrypt")).toMatchObject({ code, retryable });
});
