/** GetObjectRetention. */
import { S3Error } from "../../errors.ts";
import { findVersion } from "../find-version.ts";
import type { S3Operation } from "../operation.ts";
import { leaf, xmlDocument } from "../xml.ts";

export const getObjectRetention: S3Operation = {
  name: "GetObjectRetention",
  method: "GET",
  level: "object",
  query: ["retention"],
  execute(call) {
    const { retention } = findVersion(call).meta;
    if (retention === null) throw new S3Error("NoSuchObjectLockConfiguration");
    return {
      body: xmlDocument(
        "Retention",
        leaf("Mode", retention.mode),
        leaf("RetainUntilDate", retention.retainUntil),
      ),
    };
  },
};
