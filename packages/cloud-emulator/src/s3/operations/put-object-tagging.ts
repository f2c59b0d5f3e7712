/** PutObjectTagging. */
import { S3Error } from "../../errors.ts";
import { findVersion } from "../find-version.ts";
import type { S3Operation } from "../operation.ts";
import { findAll, findText } from "../xml.ts";

const TAGS_MAX = 10;

export const putObjectTagging: S3Operation = {
  name: "PutObjectTagging",
  method: "PUT",
  level: "object",
  query: ["tagging"],
  async execute(call) {
    const version = findVersion(call);
    const tags = findAll(await call.readText(), "Tag").map(
      (tag) => [findText(tag, "Key") ?? "", findText(tag, "Value") ?? ""] as const,
    );
    if (tags.length > TAGS_MAX) throw new S3Error("InvalidArgument", "More than 10 tags.");
    call.objects.saveMeta(version, { ...version.meta, tags });
    return {};
  },
};
