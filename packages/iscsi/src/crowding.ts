/** Who has too many sessions (RFC 7143 11.13.5, status 0302), and which discovery session makes room for another. */
import type { Limits } from "./limits.ts";
import type { LoginIdentity } from "./login/login.ts";
import { LoginRefusal } from "./login/status.ts";

interface Held {
  readonly identity: LoginIdentity;
}

const isDiscovery = ({ identity }: Held): boolean => identity.sessionType === "Discovery";

/** Why there is no place beside `others`; undefined: there is, as always for a discovery session. */
export function crowded(
  identity: LoginIdentity,
  others: readonly Held[],
  limits: Pick<Limits, "sessionsMax" | "sessionsPerInitiatorMax" | "sessionsPerSourceMax">,
): LoginRefusal | undefined {
  if (isDiscovery({ identity })) return undefined;
  const normal = others.filter((session) => !isDiscovery(session)).map((each) => each.identity);
  const ofInitiator = normal.filter((each) => each.initiatorName === identity.initiatorName);
  const ofSource = normal.filter((each) => each.source === identity.source);
  const full = [
    { count: normal.length, countMax: limits.sessionsMax, of: "" },
    {
      count: ofInitiator.length,
      countMax: limits.sessionsPerInitiatorMax,
      of: " of this initiator",
    },
    { count: ofSource.length, countMax: limits.sessionsPerSourceMax, of: " of this address" },
  ].find(({ count, countMax }) => count >= countMax);
  return full && new LoginRefusal("OUT OF RESOURCES", `too many sessions${full.of}`);
}

/** When there are as many discovery sessions as may be: the oldest of the source that has the most. `sessions` by age. */
export function discoveryThatLeaves<S extends Held>(
  sessions: readonly S[],
  { discoverySessionsMax }: Pick<Limits, "discoverySessionsMax">,
): S | undefined {
  const open = sessions.filter((session) => isDiscovery(session));
  if (open.length < discoverySessionsMax) return undefined;
  const bySource = [...Map.groupBy(open, ({ identity }) => identity.source).values()];
  return bySource.toSorted((one, other) => other.length - one.length)[0]?.[0];
}
