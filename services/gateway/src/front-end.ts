/** The iSCSI front end put together: access rules, redirections, sessions, limits, and the portals that serve them. */
import type { Observer } from "@reelhouse/iscsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import { openAccessRules } from "./access/access-rules.ts";
import type { AccessRules } from "./access/access-rules.ts";
import { discovery, everyOther, subjectOf } from "./access/rules.ts";
import type { Subject } from "./access/rules.ts";
import type { GatewayConfig } from "./config.ts";
import type { Targets } from "./devices/devices.ts";
import { createAdmission } from "./portal/admission.ts";
import type { Admission } from "./portal/admission.ts";
import { createInitiatorMemory } from "./portal/initiator-memory.ts";
import { createLogRations, hostOf } from "./portal/log-ration.ts";
import { joinObservers } from "./portal/join-observers.ts";
import { createObserver } from "./portal/observer.ts";
import { openPortals } from "./portal/portal.ts";
import type { Portals } from "./portal/portal.ts";
import type { PortalLimits } from "./portal/portal-limits.ts";
import { openRedirects } from "./portal/redirects.ts";
import type { Redirects } from "./portal/redirects.ts";
import { createRecentInitiators } from "./portal/recent-initiators.ts";
import type { RecentInitiators } from "./portal/recent-initiators.ts";
import { createRecentRefusals } from "./portal/recent-refusals.ts";
import type { RecentRefusals } from "./portal/recent-refusals.ts";
import { createRefusedConnections } from "./portal/refused-connections.ts";
import type { RefusedConnections } from "./portal/refused-connections.ts";
import { createSessions } from "./portal/sessions.ts";
import type { Sessions } from "./portal/sessions.ts";
import type { SharedSlabPool } from "./portal/slab-pool.ts";
import { createTargetSessions } from "./portal/target-sessions.ts";
import type { TargetSessions } from "./portal/target-sessions.ts";
import { createTarget } from "./portal/target.ts";

export interface FrontEndOptions {
  readonly config: Pick<GatewayConfig, "iscsiListen" | "iscsiAnnounce" | "iscsiAccessFile">;
  readonly targets: Targets;
  readonly slabs: SharedSlabPool;
  readonly limits: PortalLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly stateDirectory: string;
  readonly now: () => Date;
}

export interface FrontEnd extends AccessRules {
  /** Those that there are now. */
  readonly targetNames: readonly string[];
  readonly portals: Portals;
  readonly redirects: Redirects;
  readonly sessions: Sessions;
  readonly refusals: Pick<RecentRefusals, "list">;
  readonly initiators: Pick<RecentInitiators, "list">;
  readonly targetSessions: TargetSessions;
}

export async function openFrontEnd(options: FrontEndOptions): Promise<FrontEnd> {
  const { config, targets, slabs, limits, logger, metrics, stateDirectory, now } = options;
  const sessions = createSessions({ target: () => target, now });
  const { access, accessFile } = await openAccessRules({
    ...options,
    accessFile: config.iscsiAccessFile,
    targetNames: () => [...targets.keys()],
    changed: (subjects) => {
      // A login that is half done was judged by the rule of before.
      portals.dropHalfOpen();
      for (const subject of subjects) endSessions(sessions, subject);
    },
  });
  const redirects = await openRedirects(stateDirectory, (targetName) =>
    endSessions(sessions, subjectOf(targetName)),
  );
  const admission = createAdmission(limits);
  const memory = createInitiatorMemory(slabs, limits);
  const rations = createLogRations(logger, () => performance.now());
  const refusals = createRecentRefusals(now);
  const initiators = createRecentInitiators(now);
  const observer = joinObservers([
    createObserver({ logger, metrics, rations }),
    sessions.observer,
    rationLogins(admission),
    refusals,
    initiators,
  ]);
  const { authenticator } = access;
  const target = createTarget({ targets, authenticator, redirects, memory, limits, observer });
  const portals: Portals = await openPortals({
    listen: config.iscsiListen,
    announce: config.iscsiAnnounce,
    target,
    slabs,
    memory,
    limits,
    admission,
    refused: refusedConnections(createRefusedConnections(logger, metrics), refusals),
    logger,
    tick: () => {
      sessions.tick();
      rations.tick();
      void accessFile?.look();
    },
  });
  return {
    get targetNames() {
      return [...targets.keys()];
    },
    portals,
    access,
    accessFile,
    redirects,
    sessions,
    refusals,
    initiators,
    targetSessions: createTargetSessions(target),
  };
}

/** Who logged in by a rule that has changed leaves, as the rule for new logins has it. */
const endSessions = (sessions: Sessions, subject: Subject): void =>
  sessions.endAll(({ identity: { sessionType, targetName } }) =>
    sessionType === "Discovery"
      ? subject === discovery
      : subject === everyOther || (targetName !== undefined && subjectOf(targetName) === subject),
  );

/** Who told a wrong secret, or wants what is not for it: such logins are rationed. */
const rationed: ReadonlySet<string> = new Set(["AUTHENTICATION FAILURE", "AUTHORIZATION FAILURE"]);

const rationLogins = (admission: Pick<Admission, "loginRefused">): Observer => ({
  loginRefused({ status, remoteAddress }) {
    if (rationed.has(status)) admission.loginRefused(hostOf(remoteAddress), performance.now());
  },
});

/** Each is told. */
const refusedConnections = (
  told: RefusedConnections,
  refusals: Pick<RecentRefusals, "connectionRefused">,
): RefusedConnections => ({
  ...told,
  tell(remoteAddress, refusal, nowMs) {
    told.tell(remoteAddress, refusal, nowMs);
    refusals.connectionRefused(remoteAddress, refusal);
  },
});
