/** Several who want to know what the iSCSI target tells, as one. */
import type { Observer } from "@reelhouse/iscsi";

/** Each is told, in the order given. */
export const joinObservers = (observers: readonly Observer[]): Observer => ({
  loginRefused(event) {
    for (const each of observers) each.loginRefused?.(event);
  },
  sessionStarted(session) {
    for (const each of observers) each.sessionStarted?.(session);
  },
  sessionEnded(session, reason) {
    for (const each of observers) each.sessionEnded?.(session, reason);
  },
  protocolError(error) {
    for (const each of observers) each.protocolError?.(error);
  },
});
