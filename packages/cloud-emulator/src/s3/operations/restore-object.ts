/** RestoreObject: a readable copy of an archived object, after a time and for some days. */
import { S3Error } from "../../errors.ts";
import { isArchived, restoreStatus } from "../archive.ts";
import { findVersion } from "../find-version.ts";
import type { RestoreTier, S3Operation } from "../operation.ts";
import { findText } from "../xml.ts";

const DAY_MS = 86_400_000;

const readTier = (text: string): RestoreTier => {
  if (text === "Expedited" || text === "Standard" || text === "Bulk") return text;
  throw new S3Error("InvalidArgument", "Tier");
};

export const restoreObject: S3Operation = {
  name: "RestoreObject",
  method: "POST",
  level: "object",
  query: ["restore"],
  async execute(call) {
    const version = findVersion(call);
    if (!isArchived(version.meta))
      throw new S3Error(
        "InvalidObjectState",
        "Restore is not allowed for the object's current storage class",
      );
    const xml = await call.readText();
    const tier = readTier(findText(xml, "Tier") ?? "Standard");
    const days = Number(findText(xml, "Days") ?? 1);
    if (!Number.isInteger(days) || days < 1) throw new S3Error("InvalidArgument", "Days");
    if (tier === "Expedited" && version.meta.storageClass === "DEEP_ARCHIVE")
      throw new S3Error("InvalidArgument", "DEEP_ARCHIVE has no Expedited tier.");
    const now = Date.now();
    const status = restoreStatus(version.meta, now);
    if (status === "ongoing") throw new S3Error("RestoreAlreadyInProgress");
    const readyAtMs =
      status === "ready" ? (version.meta.restore?.readyAtMs ?? now) : now + call.restoreMs[tier];
    const expiresAtMs = Math.max(now, readyAtMs) + days * DAY_MS;
    call.objects.saveMeta(version, { ...version.meta, restore: { readyAtMs, expiresAtMs } });
    return { httpStatus: status === "ready" ? 200 : 202 };
  },
};
