/** Which errors mean that the database is away: as the driver and Prisma were seen to throw them. */
import { expect, test } from "vitest";
import { isDatabaseAway } from "./database.ts";

const withCode = (code: string) => Object.assign(new Error("failed"), { code });

test.each<[string, unknown]>([
  ["no server on the port", withCode("ECONNREFUSED")],
  ["no UNIX socket", withCode("ENOENT")],
  ["several addresses, none answers", new AggregateError([withCode("ECONNREFUSED")])],
  ["shutting down, from the driver", withCode("57P01")],
  [
    "starting up, below Prisma's error",
    { code: "P2010", meta: { driverAdapterError: { cause: { originalCode: "57P03" } } } },
  ],
  [
    "shutting down, at the start of a transaction",
    new Error("Database error. Code: `57P03`. Message: `the database system is shutting down`"),
  ],
  [
    "closed in a raw query",
    new Error("Raw query failed. Code: `N/A`. Message: `Server has closed the connection.`"),
  ],
  ["no transaction in time", withCode("P2028")],
  ["no connection in time", new Error("timeout exceeded when trying to connect")],
  ["a standby", withCode("25006")],
  [
    "as the cause of a cause",
    new Error("a", { cause: new Error("b", { cause: withCode("ECONNRESET") }) }),
  ],
])("%s → away", (_name, error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

test.each<[string, unknown]>([
  ["a duplicate key", withCode("P2002")],
  ["a number out of range", withCode("22003")],
  ["a missing table", withCode("P2021")],
  ["a bug", new TypeError("x is not a function")],
  ["nothing", undefined],
  [
    "an error that is its own cause",
    ((error) => Object.assign(error, { cause: error }))(new Error("x")),
  ],
])("%s → not away", (_name, error) => {
  expect(isDatabaseAway(error)).toBe(false);
});
