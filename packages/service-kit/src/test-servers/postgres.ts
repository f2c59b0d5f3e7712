/** For tests only: a throw-away Postgres, in a container where a Docker engine has the image, else the embedded one. */
import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { createContainer, freePort, isImageHere } from "./container.ts";
import { createEmbeddedPostgres } from "./postgres-embedded.ts";
import type { TestServer } from "./test-server.ts";
import { noteServer } from "./used.ts";

export const postgresImage = "postgres:16";
export type PostgresSource = "container postgres:16" | "embedded";

export const postgresSource = (): PostgresSource =>
  isImageHere(postgresImage) ? `container ${postgresImage}` : "embedded";

/** Runs one statement on a connection of its own. */
export const queryPostgres = async (url: string, text: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};

export const wipePostgresQueue = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'",
    );
    const tables = rows.map(({ name }) => `bullmq.${name}`).join(", ");
    if (tables !== "") await client.query(`TRUNCATE ${tables} CASCADE`);
  } finally {
    await client.end();
  }
};

const createContainerPostgres = async (): Promise<Omit<TestServer, "wipeQueue">> => {
  const port = await freePort();
  // The engine publishes on every address of this machine.
  const password = randomBytes(16).toString("hex");
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const container = createContainer({
    image: postgresImage,
    containerPort: 5432,
    port,
    command: ["postgres", "-c", "fsync=off", "-c", "max_connections=200"],
    environment: { POSTGRES_PASSWORD: password },
    ask: () => queryPostgres(url, "SELECT 1"),
  });
  return { url, ...container, stop: (signal = "SIGINT") => container.stop(signal) };
};

/** A server with its own data, not yet started; it takes a second or two. */
export const createTestPostgres = async (): Promise<TestServer> => {
  const source = postgresSource();
  noteServer("Postgres", source);
  const server =
    source === "embedded" ? await createEmbeddedPostgres() : await createContainerPostgres();
  return { ...server, wipeQueue: () => wipePostgresQueue(server.url) };
};
