/** Vitest's global setup: one Postgres for the whole run, a database for each test file. */
import type { TestProject } from "vitest/node";
import { startTestPostgres } from "./testing-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly adminDatabaseUrl: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres();
  project.provide("adminDatabaseUrl", server.url("postgres"));
  return () => server.remove();
}
