/** What the iSCSI target tells, as log lines and metrics: one line a session and a refused login, with why, never a secret. */
import type { Observer, SessionInfo } from "@reelhouse/iscsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import { clipped } from "./log-ration.ts";
import type { LogRations } from "./log-ration.ts";

export interface ObserverOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly rations: Pick<LogRations, "faults" | "sessions">;
}

interface Fault {
  readonly remoteAddress: string;
  readonly initiatorName: string | undefined;
  readonly detail: string;
}

export function createObserver({ logger, metrics, rations }: ObserverOptions): Observer {
  const refused = metrics.counter(
    "iscsi_logins_refused_total",
    "Logins that were refused, by status.",
    ["status"],
  );
  const started = metrics.counter(
    "iscsi_sessions_started_total",
    "Sessions that reached full feature phase.",
    ["type"],
  );
  const sessions = metrics.gauge("iscsi_sessions", "Sessions in full feature phase.", ["type"]);
  const errors = metrics.counter(
    "iscsi_protocol_errors_total",
    "PDUs that were rejected or ended their connection.",
    ["reason"],
  );
  const sessionLine = (session: SessionInfo, event: string, text: string, reason?: string): void =>
    rations.sessions.say(session.remoteAddress, () => {
      const { remoteAddress, initiatorName, targetName, isid, sessionType } = session;
      const fields = { event, remoteAddress, initiatorName: clipped(initiatorName), targetName };
      logger.info({ ...fields, isid, sessionType, reason }, text);
    });
  const faultLine = (
    { remoteAddress, initiatorName, detail }: Fault,
    fields: Readonly<Record<string, string>>,
    text: string,
  ): void =>
    rations.faults.say(remoteAddress, () => {
      const named = initiatorName === undefined ? {} : { initiatorName: clipped(initiatorName) };
      const said = clipped(detail);
      logger.warn({ ...fields, remoteAddress, ...named, detail: said }, `${text}: ${said}`);
    });
  return {
    loginRefused(refusal) {
      const { status } = refusal;
      refused.inc({ status });
      const named =
        refusal.targetName === undefined ? {} : { targetName: clipped(refusal.targetName) };
      faultLine(refusal, { event: "iscsi.login-refused", ...named, status }, "a login was refused");
    },
    sessionStarted(session) {
      const { sessionType: type } = session;
      started.inc({ type });
      sessions.inc({ type });
      sessionLine(session, "iscsi.session-started", "a session began");
    },
    sessionEnded(session, reason) {
      sessions.dec({ type: session.sessionType });
      sessionLine(session, "iscsi.session-ended", "a session ended", reason);
    },
    protocolError(error) {
      const { reason } = error;
      errors.inc({ reason });
      faultLine(error, { event: "iscsi.protocol-error", reason }, "a PDU broke the protocol");
    },
  };
}
