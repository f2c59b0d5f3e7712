/** TapeAlert flags told by sense data, when the Informational Exceptions Control mode page asks for it. */
import type { Device } from "../device.ts";
import type { SenseName } from "../sense.ts";
import { reportingMethod } from "./mode-pages/informational-exceptions.ts";

type Told = Pick<Device, "alerts" | "attentions" | "exceptions">;

/** From now on a flag that is raised establishes a unit attention, where that is the method. */
export function tellExceptions({ alerts, attentions, exceptions }: Told): void {
  alerts.heard = () => {
    if (!exceptions.isDisabled && exceptions.method === reportingMethod.unitAttention) {
      attentions.establishForAll("failurePredicted");
    }
  };
}

/** What REQUEST SENSE tells when nothing else is pending. */
export function exceptionOnRequest({
  alerts,
  exceptions,
}: Pick<Told, "alerts" | "exceptions">): SenseName {
  const isAsked = !exceptions.isDisabled && exceptions.method === reportingMethod.onRequest;
  return isAsked && alerts.isAnyRaised ? "failurePredictedOnRequest" : "noSense";
}
