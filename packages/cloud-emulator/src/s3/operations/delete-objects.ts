/** DeleteObjects: up to 1000 keys, each with its own outcome. */
import { S3Error } from "../../errors.ts";
import type { S3Call, S3Operation } from "../operation.ts";
import { removeVersion } from "../remove-version.ts";
import { findAll, findText, leaf, node, xmlDocument } from "../xml.ts";

const OBJECTS_MAX = 1000;

const removeOne = async (call: S3Call, entry: string): Promise<string> => {
  const key = findText(entry, "Key") ?? "";
  const versionId = findText(entry, "VersionId") ?? null;
  try {
    const removal = await removeVersion(call, key, versionId);
    return node(
      "Deleted",
      leaf("Key", key),
      leaf("VersionId", versionId),
      removal.deleteMarker ? leaf("DeleteMarker", true) : "",
      removal.deleteMarker ? leaf("DeleteMarkerVersionId", removal.versionId) : "",
    );
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return node(
      "Error",
      leaf("Key", key),
      leaf("VersionId", versionId),
      leaf("Code", error.code),
      leaf("Message", error.message),
    );
  }
};

export const deleteObjects: S3Operation = {
  name: "DeleteObjects",
  method: "POST",
  level: "bucket",
  query: ["delete"],
  async execute(call) {
    call.buckets.get(call.bucketName);
    const entries = findAll(await call.readText(), "Object");
    if (entries.length === 0 || entries.length > OBJECTS_MAX) throw new S3Error("MalformedXML");
    const outcomes: string[] = [];
    for (const entry of entries) outcomes.push(await removeOne(call, entry));
    return { body: xmlDocument("DeleteResult", ...outcomes) };
  },
};
