import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { KMS_OPERATIONS } from "../kms/operations.ts";
import { S3_OPERATIONS } from "./operations.ts";
import { readTarget, route } from "./router.ts";

const find = (method: string, target: string, headers = {}) => {
  const [path = "", query = ""] = target.split("?");
  return route(method, readTarget(path), new URLSearchParams(query), headers)?.name;
};

describe("route", () => {
  it.each([
    ["GET", "/", "ListBuckets"],
    ["PUT", "/b", "CreateBucket"],
    ["PUT", "/b/", "CreateBucket"],
    ["GET", "/b?list-type=2&prefix=acl", "ListObjectsV2"],
    ["GET", "/b?versions", "ListObjectVersions"],
    ["GET", "/b/k", "GetObject"],
    ["GET", "/b/k?versionId=1&x-id=GetObject", "GetObject"],
    ["GET", "/b/k?uploadId=1", "ListParts"],
    ["PUT", "/b/k?uploadId=1&partNumber=2", "UploadPart"],
    ["POST", "/b/k?restore", "RestoreObject"],
    ["PUT", "/b/k?retention", "PutObjectRetention"],
    ["GET", "/b/k?acl", undefined],
    ["PUT", "/b?lifecycle", undefined],
    ["PATCH", "/b/k", undefined],
  ])("%s %s → %s", (method, target, name) => {
    expect(find(method, target)).toBe(name);
  });

  it("PUT with x-amz-copy-source → CopyObject", () => {
    expect(find("PUT", "/b/k", { "x-amz-copy-source": "b/other" })).toBe("CopyObject");
  });

  it("a key with slashes, dots and escapes → kept as it is", () => {
    expect(readTarget("/b/a//../%C3%BC%2Fc")).toEqual({
      bucketName: "b",
      key: "a//../ü/c",
      level: "object",
    });
  });

  it("an escape that is none → InvalidURI", () => {
    expect(() => readTarget("/b/%zz")).toThrow(expect.objectContaining({ code: "InvalidURI" }));
  });
});

it("DESIGN.md → names every operation", () => {
  const design = readFileSync(new URL("../../DESIGN.md", import.meta.url), "utf8");
  for (const { name } of [...S3_OPERATIONS, ...KMS_OPERATIONS])
    expect(design).toMatch(new RegExp(`\\b${name}\\b`));
});
