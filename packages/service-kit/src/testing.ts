/** The second door, for tests of other packages only: real servers to stand a queue or a catalogue on. */
export { createTestPostgres } from "./test-servers/postgres.ts";
export { createPostgresDatabase, databases } from "./test-servers/shared.ts";
export type { TestDatabase, TestServer } from "./test-servers/test-server.ts";
