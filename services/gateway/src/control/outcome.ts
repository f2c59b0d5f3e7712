/** The answer to a change of a library: what was done, or the error that says why not. */
import { ServiceError } from "@reelhouse/service-kit";
import type { Outcome } from "../operations/operations.ts";

export function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (outcome.kind === "done") return outcome.value;
  const { code, field, detail } = outcome;
  throw new ServiceError(code, { field, ...(detail === "" ? {} : { detail }) });
}
