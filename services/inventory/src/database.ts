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
/** The driver says these in words only. */
const awayMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable|Client was closed|DatabaseNotReachable|ConnectionClosed|SocketTimeout/;

const isAwayCode = (code: string) =>
  awayPrismaCodes.has(code) || awaySystemCodes.has(code) || awaySqlStates.test(code);

const property = (value: object, name: string): unknown => Reflect.get(value, name);

/** True when the error means that the database does not answer now, not that the question was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const seen = new Set<unknown>();
  const open: unknown[] = [error];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    const codes = [property(next, "code"), property(next, "originalCode")];
    if (codes.some((code) => typeof code === "string" && isAwayCode(code))) return true;
    const words = [property(next, "message"), property(next, "kind")];
    if (words.some((text) => typeof text === "string" && awayMessages.test(text))) return true;
    open.push(
      property(next, "cause"),
      property(next, "meta"),
      property(next, "driverAdapterError"),
    );
    const inner = property(next, "errors");
    if (Array.isArray(inner)) open.push(...(inner as readonly unknown[]));
  }
  return false;
}

/** True when a row with that key stands there already. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
