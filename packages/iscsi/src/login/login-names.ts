/** Who wants what: the names of the first whole text of a login (RFC 7143 6.3), and whether they lead anywhere. */
import type { TargetRecord } from "../target-record.ts";
import type { Negotiation } from "./negotiation.ts";
import { LoginRefusal } from "./status.ts";

export interface LoginNames {
  readonly initiatorName: string;
  readonly sessionType: "Normal" | "Discovery";
  /** Undefined in a discovery session that names no target. */
  readonly target: TargetRecord | undefined;
}

/** RFC 7143 4.2.7.1. */
const NAME_BYTES_MAX = 223;
/**
 * What RFC 3722 leaves of names, and the underscore, which is seen in the field. A comma would make the name of an initiator of
 * that of another's port, a line break could be read as something else wherever names are written down.
 */
const ISCSI_NAME = /^[\p{L}\p{M}\p{N}.:_-]+$/u;

/** Names that differ in case or in how a letter is put together are one (RFC 3722). */
const folded = (name: string | undefined): string | undefined =>
  name?.normalize("NFKC").toLowerCase();

const sessionTypes = ["Normal", "Discovery"] as const;

export function loginNames(
  negotiation: Negotiation,
  findTarget: (targetName: string) => TargetRecord | undefined,
): LoginNames | LoginRefusal {
  const initiatorName = folded(negotiation.value("InitiatorName"));
  const targetName = negotiation.value("TargetName");
  const sessionType = sessionTypes.find((type) => type === negotiation.value("SessionType"));
  if (initiatorName === undefined) {
    return new LoginRefusal("MISSING PARAMETER", "InitiatorName is missing");
  }
  if (!ISCSI_NAME.test(initiatorName) || Buffer.byteLength(initiatorName) > NAME_BYTES_MAX) {
    return new LoginRefusal("INITIATOR ERROR", "InitiatorName is no iSCSI name");
  }
  if (sessionType === undefined) {
    return new LoginRefusal(
      "SESSION TYPE NOT SUPPORTED",
      "SessionType is neither Normal nor Discovery",
    );
  }
  if (sessionType === "Normal" && targetName === undefined) {
    return new LoginRefusal("MISSING PARAMETER", "TargetName is missing");
  }
  const target = targetName === undefined ? undefined : findTarget(targetName);
  if (targetName !== undefined && target === undefined) {
    return new LoginRefusal("NOT FOUND", `there is no target ${targetName}`);
  }
  const moved = sessionType === "Normal" ? redirection(target) : undefined;
  return moved ?? { initiatorName, sessionType, target };
}

/** A login to a target that has moved is told where to (11.13.5), before it proves anything: the other side asks for that. */
export function redirection(target: TargetRecord | undefined): LoginRefusal | undefined {
  const redirect = target?.redirect;
  if (redirect === undefined) return undefined;
  const { address, permanent } = redirect;
  return new LoginRefusal(
    permanent ? "TARGET MOVED PERMANENTLY" : "TARGET MOVED TEMPORARILY",
    `the target is at ${address}`,
    [["TargetAddress", address]],
  );
}
