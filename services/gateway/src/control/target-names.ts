/** The target that a request is about, by its name in whatever case. */
import { ServiceError } from "@reelhouse/service-kit";
import { subjectOf } from "../access/rules.ts";

/** Throws TARGET_NOT_FOUND. */
export function findTargetName(targetNames: readonly string[], wanted: string): string {
  const found = targetNames.find((name) => subjectOf(name) === subjectOf(wanted));
  if (found === undefined) throw new ServiceError("TARGET_NOT_FOUND", { field: "path.targetName" });
  return found;
}
