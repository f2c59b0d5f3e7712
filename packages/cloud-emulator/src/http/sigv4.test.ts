/** Vectors: the two GET examples of "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API reference. */
import { describe, expect, it } from "vitest";
import { verifySignature } from "./sigv4.ts";

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SECRETS = { AKIAIOSFODNN7EXAMPLE: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const SIGNED_AT_MS = Date.parse("2013-05-24T00:00:00Z");

const GET_OBJECT = {
  method: "GET",
  target: "/test.txt",
  payloadSha256: EMPTY_SHA256,
  headers: {
    host: "examplebucket.s3.amazonaws.com",
    range: "bytes=0-9",
    "x-amz-content-sha256": EMPTY_SHA256,
    "x-amz-date": "20130524T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
};
const PRESIGNED = {
  method: "GET",
  target:
    "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  payloadSha256: "UNSIGNED-PAYLOAD",
  headers: { host: "examplebucket.s3.amazonaws.com" },
};

describe("verifySignature", () => {
  it("AWS's example of a signed GET → right", () => {
    expect(verifySignature(GET_OBJECT, SECRETS, SIGNED_AT_MS)).toBeNull();
  });

  it("AWS's example of a presigned URL → right, and expired a day later", () => {
    expect(verifySignature(PRESIGNED, SECRETS, SIGNED_AT_MS)).toBeNull();
    expect(verifySignature(PRESIGNED, SECRETS, SIGNED_AT_MS + 86_400_001)).toBe("expired");
  });

  it.each([
    ["another method", { method: "PUT" }, "wrong"],
    ["another path", { target: "/test2.txt" }, "wrong"],
    ["another query", { target: "/test.txt?versionId=1" }, "wrong"],
    ["another body", { payloadSha256: "0".repeat(64) }, "wrong"],
    ["another header", { headers: { ...GET_OBJECT.headers, range: "bytes=0-99" } }, "wrong"],
    ["no signature", { headers: {} }, "absent"],
    ["not SigV4", { headers: { authorization: "Basic eDp5" } }, "malformed"],
  ])("%s → %s %s", (_what, part, fault) => {
    expect(verifySignature({ ...GET_OBJECT, ...part }, SECRETS, SIGNED_AT_MS)).toBe(fault);
  });

  it("a key id nobody has, also one of Object.prototype → unknownKey", () => {
    expect(verifySignature(GET_OBJECT, {}, SIGNED_AT_MS)).toBe("unknownKey");
    const authorization = GET_OBJECT.headers.authorization.replace(
      "AKIAIOSFODNN7EXAMPLE",
      "constructor",
    );
    const headers = { ...GET_OBJECT.headers, authorization };
    expect(verifySignature({ ...GET_OBJECT, headers }, SECRETS, SIGNED_AT_MS)).toBe("unknownKey");
  });

  it("signed for another region than the one wanted → region; none wanted → any is right", () => {
    expect(verifySignature(GET_OBJECT, SECRETS, SIGNED_AT_MS, "eu-central-1")).toBe("region");
    expect(verifySignature(GET_OBJECT, SECRETS, SIGNED_AT_MS, "us-east-1")).toBe(null);
    expect(verifySignature(GET_OBJECT, SECRETS, SIGNED_AT_MS)).toBe(null);
  });

  it("clocks 16 minutes apart → skewed", () => {
    expect(verifySignature(GET_OBJECT, SECRETS, SIGNED_AT_MS + 16 * 60_000)).toBe("skewed");
  });
});
