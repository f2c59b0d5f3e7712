/** What the iSCSI target tells, as log lines and metrics: one line a session and a refused login, with why, never a secret. */
import type { Observer } from "@reelhouse/iscsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";

export function createObserver(logger: Logger, metrics: Metrics): Observer {
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
  return {
    loginRefused({ remoteAddress, initiatorName, status, detail }) {
      refused.inc({ status });
      logger.warn(
        { event: "iscsi.login-refused", remoteAddress, initiatorName, status, detail },
        `a login was refused: ${detail}`,
      );
    },
    sessionStarted({ remoteAddress, initiatorName, targetName, isid, sessionType }) {
      started.inc({ type: sessionType });
      sessions.inc({ type: sessionType });
      logger.info(
        {
          event: "iscsi.session-started",
          remoteAddress,
          initiatorName,
          targetName,
          isid,
          sessionType,
        },
        "a session began",
      );
    },
    sessionEnded({ remoteAddress, initiatorName, targetName, isid, sessionType }, reason) {
      sessions.dec({ type: sessionType });
      logger.info(
        {
          event: "iscsi.session-ended",
          remoteAddress,
          initiatorName,
          targetName,
          isid,
          sessionType,
          reason,
        },
        "a session ended",
      );
    },
    protocolError({ remoteAddress, initiatorName, reason, detail }) {
      errors.inc({ reason });
      logger.warn(
        { event: "iscsi.protocol-error", remoteAddress, initiatorName, reason, detail },
        `a PDU broke the protocol: ${detail}`,
      );
    },
  };
}
