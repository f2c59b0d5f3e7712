/** Access rules as they are shown: without a secret. And the answers to changes that were not made. */
import type { DiscoveryAccessView, TargetAccessView } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { Access, ChangeOutcome } from "../../access/access.ts";
import { discovery, subjectOf } from "../../access/rules.ts";
import type { Rule } from "../../access/rules.ts";

const withoutSecrets = ({ credentials }: Rule): DiscoveryAccessView["credentials"] =>
  credentials.map(({ initiatorName, chapName, target }) => ({
    initiatorName,
    chapName,
    target: target && { chapName: target.chapName },
  }));

export function viewTargetAccess(access: Access, targetName: string): TargetAccessView {
  const { rule, source } = access.rule(subjectOf(targetName));
  const { initiators, severalInitiators } = rule;
  return { targetName, source, initiators, severalInitiators, credentials: withoutSecrets(rule) };
}

export function viewDiscoveryAccess(access: Access): DiscoveryAccessView {
  const { rule, source } = access.rule(discovery);
  return { source, credentials: withoutSecrets(rule) };
}

/** Throws when the change was not made. */
export function settle(outcome: ChangeOutcome): void {
  if (outcome === "inFile") throw new ServiceError("ACCESS_IN_FILE");
  if (outcome === "secretReused")
    throw new ServiceError("INVALID_REQUEST", {
      field: "body.credentials",
      detail:
        "A secret proves an initiator and a target, here or with another target; take another.",
    });
}
