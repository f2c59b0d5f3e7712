/** Settings of the Prisma command line. The service itself does not read this file. */
/* oxlint-disable node/no-process-env -- Prisma's command line takes its settings from the environment only. */
import { defineConfig } from "prisma/config";

// `prisma generate` needs no schema engine, yet downloads one unless a path is set. Migrations are applied by src/migrate.ts.
process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ??= "/bin/true";
process.env["CHECKPOINT_DISABLE"] ??= "1";

// oxlint-disable-next-line import/no-default-export -- The Prisma command line loads the default export.
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: {
    url: process.env["REELHOUSE_DATABASE_URL"] ?? "postgresql://postgres@127.0.0.1:5432/reelhouse",
  },
});
