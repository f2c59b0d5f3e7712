/** The second door, for tests of other packages only: real servers to stand a queue on. */
export { createTestPostgres, wipePostgresQueue, type TestServer } from "./queue/test-postgres.ts";
