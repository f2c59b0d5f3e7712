/** The target that a request is about, by its name in whatever case. */
import { ServiceError } from "@reelhouse/service-kit";
import { subjectOf } from "../../access/rules.ts";
import type { FrontEnd } from "../../front-end.ts";

/** Of those that there are now. Throws TARGET_NOT_FOUND. */
export function findTargetName(frontEnd: Pick<FrontEnd, "targetNames">, wanted: string): string {
  const found = frontEnd.targetNames.find((name) => subjectOf(name) === subjectOf(wanted));
  if (found === undefined) throw new ServiceError("TARGET_NOT_FOUND", { field: "path.targetName" });
  return found;
}
