/** The iSCSI front end put together: access rules, redirections, sessions, limits, and the portals that serve them. */
import type { Observer } from "@reelhouse/iscsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import { readAccessFile } from "./access/access-file.ts";
import { fingerprintOf, watchAccessFile } from "./access/access-file-watch.ts";
import type { AccessFileWatch } from "./access/access-file-watch.ts";
import { openAccess } from "./access/access.ts";
import type { Access, AccessOptions } from "./access/access.ts";
import { openRulesFile } from "./access/rules-file.ts";
import { discovery, everyOther, subjectOf } from "./access/rules.ts";
import type { Subject } from "./access/rules.ts";
import type { GatewayConfig } from "./config.ts";
import type { Targets } from "./devices/devices.ts";
import { createAdmission } from "./portal/admission.ts";
import type { Admission } from "./portal/admission.ts";
import { createInitiatorMemory } from "./portal/initiator-memory.ts";
import { createLogRations, hostOf } from "./portal/log-ration.ts";
import { createObserver } from "./portal/observer.ts";
import { openPortals } from "./portal/portal.ts";
import type { Portals } from "./portal/portal.ts";
import type { PortalLimits } from "./portal/portal-limits.ts";
import { openRedirects } from "./portal/redirects.ts";
import type { Redirects } from "./portal/redirects.ts";
import { createRefusedConnections } from "./portal/refused-connections.ts";
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

export interface FrontEnd {
  /** Those that there are now. */
  readonly targetNames: readonly string[];
  readonly portals: Portals;
  readonly access: Access;
  /** Undefined: there is none. */
  readonly accessFile: AccessFileWatch | undefined;
  readonly redirects: Redirects;
  readonly sessions: Sessions;
  readonly targetSessions: TargetSessions;
}

export async function openFrontEnd(options: FrontEndOptions): Promise<FrontEnd> {
  const { config, targets, slabs, limits, logger, metrics, stateDirectory } = options;
  const sessions = createSessions({ target: () => target, now: options.now });
  const { access, accessFile } = await openAccessRules({
    ...options,
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
  const log = createObserver({ logger, metrics, rations });
  const observer = joined(log, sessions.observer, admission);
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
    refused: createRefusedConnections(logger, metrics),
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
    targetSessions: createTargetSessions(target),
  };
}

interface AccessRulesOptions extends FrontEndOptions {
  readonly changed: AccessOptions["changed"];
}

/** Rules of the API and, where there is one, of the access file, which is watched from then on. */
async function openAccessRules(
  options: AccessRulesOptions,
): Promise<Pick<FrontEnd, "access" | "accessFile">> {
  const { targets, stateDirectory, changed } = options;
  const file = options.config.iscsiAccessFile;
  const targetNames = () => [...targets.keys()];
  const common = { targetNames, changed, file: await openRulesFile(stateDirectory) };
  if (file === undefined)
    return { access: await openAccess({ ...common, fixed: new Map() }), accessFile: undefined };
  const read = () => readAccessFile(file, targetNames());
  const seen = await fingerprintOf(file);
  const access = await openAccess({ ...common, fixed: await read() });
  return { access, accessFile: watchAccessFile(seen, { ...options, file, read, access }) };
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

const joined = (
  log: Observer,
  sessions: Sessions["observer"],
  admission: Pick<Admission, "loginRefused">,
): Observer => ({
  ...log,
  loginRefused(event) {
    log.loginRefused?.(event);
    if (rationed.has(event.status))
      admission.loginRefused(hostOf(event.remoteAddress), performance.now());
  },
  sessionStarted(info) {
    log.sessionStarted?.(info);
    sessions.sessionStarted?.(info);
  },
  sessionEnded(info, reason) {
    log.sessionEnded?.(info, reason);
    sessions.sessionEnded?.(info, reason);
  },
});
