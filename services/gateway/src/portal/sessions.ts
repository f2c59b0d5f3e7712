/** The iSCSI sessions as operators see and end them. Looked at once a second: nothing is counted on the data path for it. */
import type { IscsiSession } from "@reelhouse/contracts";
import type { IscsiTarget, Observer, Session, SessionInfo } from "@reelhouse/iscsi";

export interface Sessions {
  /** To be told of sessions, beside whoever logs. */
  readonly observer: Pick<Observer, "sessionStarted" | "sessionEnded">;
  /** Looks which have done something since it last looked. */
  tick(): void;
  list(): readonly IscsiSession[];
  /** Asks an initiator to log out, and closes when it does not; false: there is no such session. */
  end(tsih: number): boolean;
  /** The same for all sessions that are meant. */
  endAll(isMeant: (session: Session) => boolean): void;
}

export interface SessionsOptions {
  readonly target: () => Pick<IscsiTarget, "session" | "sessions">;
  readonly now: () => Date;
}

interface Seen {
  readonly info: SessionInfo;
  readonly startedAt: Date;
  activity: string;
  activeAt: Date;
}

const millisecondsPerSecond = 1000;

const activityOf = ({ statistics, tasks }: Session): string =>
  `${statistics.commands}/${tasks.size}`;

export function createSessions({ target, now }: SessionsOptions): Sessions {
  const seen = new Map<number, Seen>();

  const tick = (): void => {
    for (const [tsih, each] of seen) {
      const session = target().session(tsih);
      if (session === undefined) continue;
      const activity = activityOf(session);
      // A command that runs keeps its session from being idle, however long it takes.
      if (activity === each.activity && session.tasks.size === 0) continue;
      each.activity = activity;
      each.activeAt = now();
    }
  };

  return {
    observer: {
      sessionStarted(info) {
        const startedAt = now();
        seen.set(info.tsih, { info, startedAt, activity: "", activeAt: startedAt });
      },
      sessionEnded: ({ tsih }) => void seen.delete(tsih),
    },
    tick,
    list() {
      tick();
      return [...seen].flatMap(([tsih, each]) => {
        const session = target().session(tsih);
        return session === undefined ? [] : [viewOf(session, each, now())];
      });
    },
    end(tsih) {
      const session = target().session(tsih);
      session?.transport.drain();
      return session !== undefined;
    },
    endAll(isMeant) {
      for (const session of target().sessions) if (isMeant(session)) session.transport.drain();
    },
  };
}

function viewOf(session: Session, { info, startedAt, activeAt }: Seen, now: Date): IscsiSession {
  const { statistics, tasks, transport } = session;
  return {
    tsih: info.tsih,
    sessionType: info.sessionType,
    initiatorName: info.initiatorName,
    initiatorAlias: info.initiatorAlias ?? null,
    isid: info.isid,
    remoteAddress: info.remoteAddress,
    portalAddress: transport.localAddress,
    portalGroupTag: info.portalGroupTag,
    targetName: info.targetName ?? null,
    chapName: info.chapName ?? null,
    keys: keysOf(session),
    commands: statistics.commands,
    commandsOutstanding: tasks.size,
    receivedBytes: statistics.dataOutBytes,
    sentBytes: statistics.dataInBytes,
    protocolErrors: statistics.protocolErrors,
    startedAt: startedAt.toISOString(),
    idleSeconds: Math.max(
      0,
      Math.floor((now.getTime() - activeAt.getTime()) / millisecondsPerSecond),
    ),
  };
}

const digestName = (used: boolean) => (used ? "CRC32C" : "None");

function keysOf({ parameters, initiatorDataSegmentBytesMax }: Session): IscsiSession["keys"] {
  return {
    HeaderDigest: digestName(parameters.headerDigest),
    DataDigest: digestName(parameters.dataDigest),
    InitialR2T: parameters.initialR2T,
    ImmediateData: parameters.immediateData,
    FirstBurstLength: parameters.firstBurstLength,
    MaxBurstLength: parameters.maxBurstLength,
    MaxOutstandingR2T: parameters.maxOutstandingR2T,
    ErrorRecoveryLevel: parameters.errorRecoveryLevel,
    MaxRecvDataSegmentLength: initiatorDataSegmentBytesMax,
  };
}
