/** Logout Request (RFC 7143 11.14, 11.15). One connection a session: closing either closes both. */
import { type LogoutRequest, logoutReasons } from "../pdu/logout-request.ts";
import { logoutResponse, logoutResponses } from "../pdu/logout-response.ts";
import type { Session } from "../session.ts";

/** Seconds the tasks of a closed connection are kept for: there are none. */
const TIME2RETAIN_SECONDS = 0;

function outcome(session: Session, pdu: LogoutRequest): number {
  if (pdu.reasonCode === logoutReasons.removeConnectionForRecovery) {
    return logoutResponses.recoveryNotSupported;
  }
  const namesConnection = pdu.reasonCode === logoutReasons.closeConnection;
  if (namesConnection && pdu.cid !== session.identity.cid) return logoutResponses.cidNotFound;
  return logoutResponses.closed;
}

/** Answers; the connection closes once a granted logout's answer is sent. */
export function handleLogoutRequest(session: Session, pdu: LogoutRequest): undefined {
  const response = outcome(session, pdu);
  const closes = response === logoutResponses.closed;
  if (closes) {
    session.end("lost");
    session.transport.logoutGranted();
  }
  const answer = logoutResponse.encode({
    ...session.stamp(),
    response,
    initiatorTaskTag: pdu.initiatorTaskTag,
    time2Wait: closes ? 0 : session.parameters.defaultTime2Wait,
    time2Retain: TIME2RETAIN_SECONDS,
  });
  session.send([answer], () => {
    if (closes) session.transport.close("logout");
  });
}
