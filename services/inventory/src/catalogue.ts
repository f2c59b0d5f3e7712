/** The catalogue's readiness: the database may come later than the service, and go away while it runs. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, ServiceError } from "@reelhouse/service-kit";
import { type Database, isDatabaseAway, openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";

export interface Catalogue {
  readonly database: Database;
  /**
   * True when the tables are as this version needs them, false when the catalogue was closed before.
   * Rejects when they never will be (MigrationError).
   */
  readonly migrated: Promise<boolean>;
  isMigrated(): boolean;
  /** Rejects when the catalogue cannot be asked now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const retryMsFirst = 250;
const retryMsMax = 5000;

async function migrateInTime(url: string, logger: Logger, signal: AbortSignal): Promise<boolean> {
  for (let retryMs = retryMsFirst; ; retryMs = Math.min(retryMs * 2, retryMsMax)) {
    try {
      const applied = await migrate(url);
      logger.info({ event: "migrated", applied }, "the catalogue's tables are ready");
      return true;
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      logger.warn({ event: "database-away", retryMs, err: error }, "the database does not answer");
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return false;
    }
  }
}

/** Begins to bring the database up to date, for as long as that takes. */
export function openCatalogue(url: string, logger: Logger): Catalogue {
  const closing = new AbortController();
  let isMigrated = false;
  const database = openDatabase(url, (error) =>
    logger.warn({ event: "database-connection-lost", err: error }, "a database connection broke"),
  );
  const migrated = migrateInTime(url, logger, closing.signal).then((done) => {
    isMigrated = done;
    return done;
  });
  return {
    database,
    migrated,
    isMigrated: () => isMigrated,
    check: async () => {
      if (!isMigrated) throw new Error("the database was not reached yet, or is being migrated");
      await database.$queryRaw`SELECT 1`;
    },
    close: async () => {
      closing.abort();
      await migrated.catch(() => undefined); // whoever waits for it is told
      await database.$disconnect();
    },
  };
}

/** Until the tables are there every question would fail for a wrong reason. */
export function refuseUntilMigrated(catalogue: Pick<Catalogue, "isMigrated">): void {
  if (!catalogue.isMigrated()) throw new ServiceError("DATABASE_UNAVAILABLE");
}
