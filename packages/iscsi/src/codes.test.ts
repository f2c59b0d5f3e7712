/** Every code that RFC 7143 has for a refusal or an answer is sent, and stands in a transcript, or has its reason here why it never is. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loginStatuses } from "./login/status.ts";
import { logoutResponses } from "./pdu/logout-response.ts";
import { taskManagementResponses } from "./pdu/task-management-response.ts";
import { rejectReasons } from "./protocol-error.ts";

const folder = new URL("../testdata/", import.meta.url).pathname;
const sent = readdirSync(folder)
  .flatMap((file) => readFileSync(folder + file, "utf8").split("\n"))
  .filter((line) => /^\d*</.test(line));
/** The value of a field in a line; one that is left out is zero. */
const valueOf = (line: string, name: string): number =>
  Number(new RegExp(` ${name}=(\\S+)`).exec(line)?.[1] ?? 0);
const linesOf = (kind: string): string[] => sent.filter((line) => line.includes(`< ${kind} `));

/** Reject reasons (RFC 7143 11.17.1). */
const rejects: Readonly<Record<number, string>> = {
  0x02: "sent",
  0x03: "sent",
  0x04: "sent",
  0x05: "sent",
  0x06: "sent",
  0x07: "sent",
  0x08: "Invalid data ACK: nothing asks for one, as no Data-In has the A bit",
  0x09: "sent",
  0x0a: "Long op reject: no task is refused for what it would cost; the window closes instead",
  0x0b: "deprecated: Negotiation Reset",
  0x0c: "Waiting for Logout: after we asked for one, tasks are still served",
};
/** Login status class and detail (RFC 7143 11.13.5). */
const logins: Readonly<Record<number, string>> = {
  0x0000: "sent",
  0x0101: "sent",
  0x0102: "sent",
  0x0200: "sent",
  0x0201: "sent",
  0x0202: "sent",
  0x0203: "sent",
  0x0204: "Target removed: a target that is gone is 0203, we do not remember it",
  0x0205: "sent",
  0x0206: "sent",
  0x0207: "sent",
  0x0208: "sent",
  0x0209: "sent",
  0x020a: "sent",
  0x020b: "sent",
  0x0300: "Target error: an error of our own is a broken invariant and ends the process",
  0x0301: "sent",
  0x0302: "sent",
};
/** Task management responses (RFC 7143 11.6.1). */
const managed: Readonly<Record<number, string>> = {
  0: "sent",
  1: "sent",
  2: "sent",
  3: "Task still allegiant: there is one connection",
  4: "sent",
  5: "sent",
  6: "Function authorization failed: who may log in may manage tasks",
  255: "sent",
};
/** Logout responses (RFC 7143 11.15.1). */
const logouts: Readonly<Record<number, string>> = {
  0: "sent",
  1: "sent",
  2: "sent",
  3: "Cleanup failed: a connection that cannot be cleaned up does not exist",
};

const tables = [
  ["Reject", rejects, (line: string) => valueOf(line, "reason"), Object.values(rejectReasons)],
  [
    "LoginResponse",
    logins,
    (line: string) => valueOf(line, "statusClass") * 256 + valueOf(line, "statusDetail"),
    Object.values(loginStatuses).map(([statusClass, detail]) => statusClass * 256 + detail),
  ],
  [
    "TaskManagementResponse",
    managed,
    (line: string) => valueOf(line, "response"),
    Object.values(taskManagementResponses),
  ],
  [
    "LogoutResponse",
    logouts,
    (line: string) => valueOf(line, "response"),
    Object.values(logoutResponses),
  ],
] as const;

describe.each(tables)("the codes of %s", (kind, table, codeOf, ours) => {
  const seen = new Set(linesOf(kind).map((line) => codeOf(line)));
  const wanted = Object.entries(table).flatMap(([code, why]) =>
    why === "sent" ? [Number(code)] : [],
  );

  test("that are sent → are those of our table", () => {
    expect(ours.toSorted((a, b) => a - b)).toEqual(wanted);
  });

  test.each(wanted)("%i → stands in a transcript", (code) => {
    expect([...seen]).toContain(code);
  });

  test("in the transcripts → are all of the table", () => {
    expect([...seen].filter((code) => !wanted.includes(code))).toEqual([]);
  });
});
