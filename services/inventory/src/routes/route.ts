/** What every route of the inventory gets, and the few schemas that several share. */
import { entityName, errorBody } from "@reelhouse/contracts";
import type { HttpApp, HttpServer, Metrics } from "@reelhouse/service-kit";
import { z } from "zod";
import type { Database } from "../database.ts";
import type { GatewayClient } from "../gateway-client.ts";

export interface RouteContext {
  readonly database: Database;
  readonly gateway: GatewayClient;
  readonly metrics: Metrics;
  readonly bearer: HttpServer["bearer"];
}

/** A file in this folder exports one of these. */
export type Route = (app: HttpApp, context: RouteContext) => void;

/** Of every response that is not the expected one. */
export const errorResponses = { "4xx": errorBody, "5xx": errorBody } as const;

/** How an operator proves who they are, for the API's description. */
export const adminSecurity = [{ adminToken: [] }];

const pageLimitMax = 1000;
const pageLimitDefault = 100;

export const pageLimit = z.coerce
  .number()
  .int()
  .min(1)
  .max(pageLimitMax)
  .default(pageLimitDefault)
  .describe("The most entries of one page.");

export const libraryQuery = entityName
  .optional()
  .describe("Needed only where several libraries are in the catalogue.");

/** Cuts the one entry too many that the store gives; says where the next page begins. */
export function pageOf<T>(
  entries: readonly T[],
  limit: number,
  markerOf: (last: T) => string,
): { page: T[]; marker: string | null } {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return { page, marker: entries.length > limit && last !== undefined ? markerOf(last) : null };
}
