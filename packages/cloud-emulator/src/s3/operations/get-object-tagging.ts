/** GetObjectTagging. */
import { findVersion } from "../find-version.ts";
import type { S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

export const getObjectTagging: S3Operation = {
  name: "GetObjectTagging",
  method: "GET",
  level: "object",
  query: ["tagging"],
  execute: (call) => ({
    body: xmlDocument(
      "Tagging",
      node(
        "TagSet",
        ...findVersion(call).meta.tags.map(([key, value]) =>
          node("Tag", leaf("Key", key), leaf("Value", value)),
        ),
      ),
    ),
  }),
};
