/** GetObjectLockConfiguration. */
import { S3Error } from "../../errors.ts";
import type { S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

export const getObjectLockConfiguration: S3Operation = {
  name: "GetObjectLockConfiguration",
  method: "GET",
  level: "bucket",
  query: ["object-lock"],
  execute({ buckets, bucketName }) {
    const { objectLock } = buckets.get(bucketName);
    if (objectLock === null) throw new S3Error("ObjectLockConfigurationNotFoundError");
    const { defaultRetention: standard } = objectLock;
    const rule =
      standard === null
        ? ""
        : node(
            "Rule",
            node("DefaultRetention", leaf("Mode", standard.mode), leaf("Days", standard.days)),
          );
    return {
      body: xmlDocument("ObjectLockConfiguration", leaf("ObjectLockEnabled", "Enabled"), rule),
    };
  },
};
