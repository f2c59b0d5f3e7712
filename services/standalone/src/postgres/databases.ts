/** The databases of the services: made when they are not there, and their URLs over the socket. */
import { Client } from "pg";

export const DATABASES = { catalogue: "reelhouse", queue: "reelhouse_queue" } as const;
export type DatabaseName = (typeof DATABASES)[keyof typeof DATABASES] | "postgres";

/** pg and BullMQ take a socket's folder as `host`. */
export const databaseUrl = (socketDirectory: string, database: DatabaseName): string =>
  `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(socketDirectory)}`;

export const ensureDatabases = async (socketDirectory: string): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl(socketDirectory, "postgres") });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>("SELECT datname FROM pg_database");
    const present = new Set(rows.map(({ datname }) => datname));
    for (const name of Object.values(DATABASES)) {
      // CREATE DATABASE takes no parameters; the names are ours.
      if (!present.has(name)) await client.query(`CREATE DATABASE ${name}`);
    }
  } finally {
    await client.end();
  }
};
