/** PutObjectRetention: longer is always allowed; shorter or none only in GOVERNANCE mode, with the bypass. */
import { S3Error } from "../../errors.ts";
import type { Retention } from "../../store/objects.ts";
import { findVersion } from "../find-version.ts";
import { readMode } from "../object-headers.ts";
import type { S3Operation } from "../operation.ts";
import { findText } from "../xml.ts";

const readRetention = (xml: string): Retention | null => {
  const mode = findText(xml, "Mode");
  if (mode === undefined) return null;
  const untilMs = Date.parse(findText(xml, "RetainUntilDate") ?? "");
  if (Number.isNaN(untilMs)) throw new S3Error("MalformedXML");
  return { mode: readMode(mode), retainUntil: new Date(untilMs).toISOString() };
};

const isWeaker = (current: Retention, wanted: Retention | null): boolean =>
  wanted === null ||
  wanted.mode !== current.mode ||
  Date.parse(wanted.retainUntil) < Date.parse(current.retainUntil);

export const putObjectRetention: S3Operation = {
  name: "PutObjectRetention",
  method: "PUT",
  level: "object",
  query: ["retention"],
  async execute(call) {
    if (call.buckets.get(call.bucketName).objectLock === null)
      throw new S3Error("InvalidRequest", "Bucket is missing Object Lock Configuration");
    const version = findVersion(call);
    const wanted = readRetention(await call.readText());
    const current = version.meta.retention;
    const holds = current !== null && Date.parse(current.retainUntil) > Date.now();
    if (holds && isWeaker(current, wanted)) {
      const bypass = call.headers["x-amz-bypass-governance-retention"] === "true";
      const stricter = current.mode === "GOVERNANCE" && wanted?.mode === "COMPLIANCE";
      if (current.mode === "COMPLIANCE" || !(bypass || stricter)) throw new S3Error("AccessDenied");
    }
    call.objects.saveMeta(version, { ...version.meta, retention: wanted });
    return {};
  },
};
