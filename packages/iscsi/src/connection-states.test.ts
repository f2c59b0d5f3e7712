/** Every cell of the table: it leads where RFC 7143 8.1.3 says, or is refused. */
import { describe, expect, test } from "vitest";
import {
  type ConnectionEvent,
  type ConnectionState,
  connectionTransitions,
  nextState,
} from "./connection-states.ts";

const transitions: readonly (readonly [ConnectionState, ConnectionEvent, ConnectionState])[] = [
  ["FREE", "accepted", "XPT_UP"],
  ["XPT_UP", "loginReceived", "IN_LOGIN"],
  ["XPT_UP", "ended", "FREE"],
  ["IN_LOGIN", "loginReceived", "IN_LOGIN"],
  ["IN_LOGIN", "loginSucceeded", "LOGGED_IN"],
  ["IN_LOGIN", "ended", "FREE"],
  ["LOGGED_IN", "logoutRequested", "LOGOUT_REQUESTED"],
  ["LOGGED_IN", "logoutGranted", "IN_LOGOUT"],
  ["LOGGED_IN", "failed", "CLEANUP_WAIT"],
  ["LOGOUT_REQUESTED", "logoutRequested", "LOGOUT_REQUESTED"],
  ["LOGOUT_REQUESTED", "logoutGranted", "IN_LOGOUT"],
  ["LOGOUT_REQUESTED", "failed", "CLEANUP_WAIT"],
  ["IN_LOGOUT", "ended", "FREE"],
  ["IN_LOGOUT", "failed", "CLEANUP_WAIT"],
  ["CLEANUP_WAIT", "cleanedUp", "FREE"],
];

describe.each(Object.entries(connectionTransitions))("%s", (name, row) => {
  test.each(Object.entries(row))("%s → as the RFC's diagram has it", (event, next) => {
    const found = transitions.find(([from, on]) => from === name && on === event);
    expect(next).toBe(found?.[2] ?? null);
  });
});

test("a pair that happens → the next state; one that cannot → a broken invariant", () => {
  expect(nextState("FREE", "accepted")).toBe("XPT_UP");
  expect(() => nextState("FREE", "loginSucceeded")).toThrow("cannot happen");
});
