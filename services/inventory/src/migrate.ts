/**
 * Brings the database to the shape that prisma/schema.prisma says, by prisma/migrations: what `prisma migrate deploy`
 * does, without its downloads. It keeps Prisma's own table, so the command line agrees with it about what is applied.
 *
 * Other than Prisma, each migration runs in one transaction together with its own row: a crash leaves nothing half
 * done, and the next start tries again. So a migration must not hold a statement that refuses a transaction.
 */
import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, DatabaseError } from "pg";

/** The advisory lock that Prisma's own engine takes: two services that start together migrate one after the other. */
const migrationLockId = 72_707_369;
const lockTimeoutMs = 60_000;
const connectTimeoutMs = 5000;

/** The migrations of this version. */
const migrationsFolder: string = join(import.meta.dirname, "../prisma/migrations");

const migrationTable = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/** The database and this version do not fit; trying again does not help. The message says what to do. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface AppliedRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** Throws when what is applied is not a prefix of what this version has. */
function refuseMisfit(migrations: readonly Migration[], applied: readonly AppliedRow[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const name = row.migration_name;
    const migration = known.get(name);
    if (migration === undefined) {
      throw new MigrationError(
        `The database has migration ${name}, which this version does not know. Run the newer version, or restore the database of this one.`,
      );
    }
    if (row.finished_at === null) {
      throw new MigrationError(
        `Migration ${name} was begun with Prisma's command line and failed. Repair the database, then mark it with \`prisma migrate resolve\`.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new MigrationError(
        `Migration ${name} was edited after it was applied. Put its file back as it was, and make a new migration for the change.`,
      );
    }
  }
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(sql);
    await client.query(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, clock_timestamp(), 1)",
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause;
    await client.query("ROLLBACK");
    throw new MigrationError(`Migration ${name} failed and left nothing behind: ${cause.message}`, {
      cause,
    });
  }
}

/**
 * Applies what is missing; gives the names applied now.
 * Throws MigrationError for what a second try does not cure, and the driver's error when the server is away.
 */
export async function migrate(databaseUrl: string, folder = migrationsFolder): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "reelhouse-inventory-migrate",
  });
  // A connection lost between two queries is told by the next query, too; without a listener it would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
    await client.query("SELECT pg_advisory_lock($1)", [migrationLockId]);
    await client.query(migrationTable);
    const applied = await client.query<AppliedRow>(
      "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
    );
    refuseMisfit(migrations, applied.rows);
    const done = new Set(applied.rows.map((row) => row.migration_name));
    const missing = migrations.filter((migration) => !done.has(migration.name));
    for (const migration of missing) await apply(client, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}
