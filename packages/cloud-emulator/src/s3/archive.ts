/** Archive storage classes: not readable until RestoreObject has made a copy, for some days. */
import type { ObjectMeta } from "../store/objects.ts";

const ARCHIVE_CLASSES = new Set(["GLACIER", "DEEP_ARCHIVE"]);

export const isArchived = (meta: ObjectMeta): boolean => ARCHIVE_CLASSES.has(meta.storageClass);

/** none: never asked for, or expired. */
export const restoreStatus = (meta: ObjectMeta, nowMs: number): "none" | "ongoing" | "ready" => {
  if (meta.restore === null || nowMs >= meta.restore.expiresAtMs) return "none";
  return nowMs < meta.restore.readyAtMs ? "ongoing" : "ready";
};

export const isReadable = (meta: ObjectMeta, nowMs: number): boolean =>
  !isArchived(meta) || restoreStatus(meta, nowMs) === "ready";

/** Value of `x-amz-restore`. */
export const restoreHeader = (meta: ObjectMeta, nowMs: number): string | null => {
  const status = restoreStatus(meta, nowMs);
  if (status === "none" || meta.restore === null) return null;
  if (status === "ongoing") return 'ongoing-request="true"';
  const expiry = new Date(meta.restore.expiresAtMs).toUTCString();
  return `ongoing-request="false", expiry-date="${expiry}"`;
};
