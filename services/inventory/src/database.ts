/** The catalogue's database: one Prisma client over one pool, and which of its failures mean "away, try again". */
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { Prisma, PrismaClient } from "../generated/prisma/client.ts";

export type Database = PrismaClient;
/** A client inside a transaction, or the client itself. */
export type Transaction = Prisma.TransactionClient;

/** Deliveries of one gateway wait for one another and reads are short: more would only queue in Postgres. */
const connectionsMax = 10;
const connectTimeoutMs = 3000;
/** An answer that late is of no use to a client any more (the HTTP server gives up at 30 s). */
const queryTimeoutMs = 15_000;
/** 500 events take about a second; a slow disk may need ten times that. */
const transactionLimits = { maxWait: 5000, timeout: 25_000 } as const;

/** `onConnectionLost` is told of idle connections that broke; the pool makes new ones by itself. */
export function openDatabase(url: string, onConnectionLost: (error: Error) => void): Database {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: "reelhouse-inventory",
  });
  const adapter = new PrismaPg(pool, {
    disposeExternalPool: true,
    onPoolError: onConnectionLost,
    onConnectionError: onConnectionLost,
  });
  return new PrismaClient({ adapter, transactionOptions: transactionLimits });
}

/** Prisma: server not reached, timed out, refused, closed the connection; no connection free in time; no transaction. */
const awayPrismaCodes: ReadonlySet<string> = new Set([
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
  "P2037",
]);
/** Postgres: connection faults (08), too many connections, shutting down, starting up, read-only (a standby). */
const awaySqlStates = /^(08...|53300|57P0[1-4]|25006)$/;
const awaySystemCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT", // the UNIX socket of a server that does not run
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);
/** Said in words only: by the driver, and by Prisma where it drops the code (raw queries, the start of a transaction). */
const awayMessages = [
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout/,
  /not queryable|Client was closed|Cannot use a pool after calling end/,
  /DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections/,
  /Can't reach database server|Server has closed the connection|Socket timeout/,
  /Code: `(08...|53300|57P0[1-4]|25006)`/,
];
const isAwayMessage = (text: string) => awayMessages.some((pattern) => pattern.test(text));

const isAwayCode = (code: string) =>
  awayPrismaCodes.has(code) || awaySystemCodes.has(code) || awaySqlStates.test(code);

const property = (value: object, name: string): unknown => Reflect.get(value, name);

const saysAway = (error: object): boolean => {
  const codes = [property(error, "code"), property(error, "originalCode")];
  const words = [property(error, "message"), property(error, "kind")];
  return (
    codes.some((code) => typeof code === "string" && isAwayCode(code)) ||
    words.some((text) => typeof text === "string" && isAwayMessage(text))
  );
};

/** Where Prisma, the driver and Node put the error below. */
const innerErrors = (error: object): readonly unknown[] => {
  const errors = property(error, "errors");
  const below = ["cause", "meta", "driverAdapterError"].map((name) => property(error, name));
  return Array.isArray(errors) ? below.concat(errors) : below;
};

/** True when the error, or one below it, means that the database does not answer now; not that the question was wrong. */
export function isDatabaseAway(error: unknown, seen: Set<unknown> = new Set()): boolean {
  if (typeof error !== "object" || error === null || seen.has(error)) return false;
  seen.add(error);
  return saysAway(error) || innerErrors(error).some((inner) => isDatabaseAway(inner, seen));
}

/** True when a row with that key stands there already. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
