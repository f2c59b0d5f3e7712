/** The queue's tables in the embedded Postgres, reached as whoever runs the product could: over its socket. */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";

const SCHEMA = "bullmq";

const withQueue = async <T>(dataDir: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const host = join(dataDir, "postgres-socket");
  // The launcher goes elsewhere when this path is too long for a socket; a test's folder is not.
  if (!lstatSync(host).isDirectory()) throw new Error(`${host} is no folder`);
  const client = new Client({ host, user: "postgres", database: "reelhouse_queue" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** Every table but those that say which version the schema has: they are no content. */
const tablesOf = async (client: Client): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = $1 AND tablename NOT LIKE '%migration%'",
    [SCHEMA],
  );
  return rows.map(({ name }) => `${SCHEMA}.${name}`);
};

/** Deletes every row there is; answers how many. */
export const wipeQueue = (dataDir: string): Promise<number> =>
  withQueue(dataDir, async (client) => {
    let count = 0;
    await client.query("BEGIN");
    for (const table of await tablesOf(client)) {
      const { rowCount } = await client.query(`DELETE FROM ${table}`);
      count += rowCount ?? 0;
    }
    await client.query("COMMIT");
    return count;
  });

/** Jobs that wait, are under way, or wait for another try. */
export const countOpenJobs = (dataDir: string): Promise<number> =>
  withQueue(dataDir, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${SCHEMA}.job WHERE state NOT IN ('completed', 'failed')`,
    );
    return rows[0]?.count ?? 0;
  });
