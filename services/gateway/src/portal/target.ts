/** The iSCSI target of packages/iscsi with the house's devices behind its names. */
import { IscsiTarget } from "@reelhouse/iscsi";
import type { Authenticator, Observer } from "@reelhouse/iscsi";
import type { Targets } from "../devices/devices.ts";
import type { InitiatorMemory } from "./initiator-memory.ts";
import type { PortalLimits } from "./portal-limits.ts";
import type { Redirects } from "./redirects.ts";
import { drainMs } from "./serve-connection.ts";

export interface TargetOptions {
  readonly targets: Targets;
  readonly authenticator: Authenticator;
  readonly redirects: Pick<Redirects, "of">;
  readonly memory: Pick<InitiatorMemory, "commandWindow">;
  readonly limits: PortalLimits;
  readonly observer: Observer;
}

export const createTarget = ({
  targets,
  authenticator,
  redirects,
  memory,
  limits,
  observer,
}: TargetOptions): IscsiTarget =>
  new IscsiTarget({
    targets: () => [...targets.keys()].map((name) => ({ name, redirect: redirects.of(name) })),
    scsiTarget: (name) => targets.get(name),
    commandWindow: (initiatorName) => memory.commandWindow(initiatorName),
    authenticator,
    limits: {
      logoutTimeoutMs: drainMs,
      connectionsMax: limits.connectionsMax,
      sessionsMax: limits.sessionsMax,
      sessionsPerInitiatorMax: limits.sessionsPerInitiatorMax,
      sessionsPerSourceMax: limits.sessionsPerAddressMax,
      discoverySessionsMax: limits.discoverySessionsMax,
    },
    observer,
  });
