/** PutObjectLegalHold. */
import { S3Error } from "../../errors.ts";
import { findVersion } from "../find-version.ts";
import type { S3Operation } from "../operation.ts";
import { findText } from "../xml.ts";

export const putObjectLegalHold: S3Operation = {
  name: "PutObjectLegalHold",
  method: "PUT",
  level: "object",
  query: ["legal-hold"],
  async execute(call) {
    if (call.buckets.get(call.bucketName).objectLock === null)
      throw new S3Error("InvalidRequest", "Bucket is missing Object Lock Configuration");
    const version = findVersion(call);
    const status = findText(await call.readText(), "Status");
    if (status !== "ON" && status !== "OFF") throw new S3Error("MalformedXML");
    call.objects.saveMeta(version, { ...version.meta, legalHold: status === "ON" });
    return {};
  },
};
