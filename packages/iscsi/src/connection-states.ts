/**
 * States of a connection at a target (RFC 7143 8.1.1, 8.1.3). S2 XPT_WAIT is an initiator's.
 *
 *                 accepted            loginReceived           loginSucceeded
 *   S1 FREE ─────────────▶ S3 XPT_UP ──────────▶ S4 IN_LOGIN ──────────▶ S5 LOGGED_IN
 *      ▲ ▲                    │ ended               │ ended               │   │  │ logoutRequested
 *      │ └────────────────────┴─────────────────────┘                     │   │  ▼
 *      │                                                     logoutGranted│   │ S7 LOGOUT_REQUESTED
 *      │ ended                                                            ▼   │  │
 *      ├──────────────────────────────────────────────────── S6 IN_LOGOUT ◀───│──┤ logoutGranted
 *      │ cleanedUp                                                            ▼  ▼ failed
 *      └──────────────────────────────────────────────────────────── S8 CLEANUP_WAIT
 */
import assert from "node:assert/strict";

export type ConnectionState =
  | "FREE"
  | "XPT_UP"
  | "IN_LOGIN"
  | "LOGGED_IN"
  | "IN_LOGOUT"
  | "LOGOUT_REQUESTED"
  | "CLEANUP_WAIT";

/**
 * The RFC's transitions: accepted T3, loginReceived T4, loginSucceeded T5, ended T6 T7 T13, logoutGranted T9 T10,
 * logoutRequested T11 T12, failed T15 T16 T17, cleanedUp M1 M2.
 */
export type ConnectionEvent =
  | "accepted"
  | "loginReceived"
  | "loginSucceeded"
  | "logoutRequested"
  | "logoutGranted"
  | "ended"
  | "failed"
  | "cleanedUp";

type Row = Readonly<Record<ConnectionEvent, ConnectionState | null>>;

const never: Row = {
  accepted: null,
  loginReceived: null,
  loginSucceeded: null,
  logoutRequested: null,
  logoutGranted: null,
  ended: null,
  failed: null,
  cleanedUp: null,
};

/** The whole table; null is a pair that does not happen, and trying it is a broken invariant. */
export const connectionTransitions: Readonly<Record<ConnectionState, Row>> = {
  FREE: { ...never, accepted: "XPT_UP" },
  XPT_UP: { ...never, loginReceived: "IN_LOGIN", ended: "FREE" },
  IN_LOGIN: { ...never, loginReceived: "IN_LOGIN", loginSucceeded: "LOGGED_IN", ended: "FREE" },
  LOGGED_IN: {
    ...never,
    logoutRequested: "LOGOUT_REQUESTED",
    logoutGranted: "IN_LOGOUT",
    failed: "CLEANUP_WAIT",
  },
  LOGOUT_REQUESTED: {
    ...never,
    logoutRequested: "LOGOUT_REQUESTED",
    logoutGranted: "IN_LOGOUT",
    failed: "CLEANUP_WAIT",
  },
  IN_LOGOUT: { ...never, ended: "FREE", failed: "CLEANUP_WAIT" },
  CLEANUP_WAIT: { ...never, cleanedUp: "FREE" },
};

/** The state after `event`. */
export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  const next = connectionTransitions[state][event];
  assert(next !== null, `${event} cannot happen in ${state}`);
  return next;
}
