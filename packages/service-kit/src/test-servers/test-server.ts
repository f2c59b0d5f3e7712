/** For tests only: what a test may do with a server, wherever it runs. */

/** One that goes on running: others may use it too, so a test gets a database of its own on it. */
export interface TestDatabase {
  readonly url: string;
  start(): Promise<void>;
  /** Empties the queue, as the loss of its server's disk would. */
  wipeQueue(): Promise<void>;
  remove(): Promise<void>;
}

/** One that its test may end. Its data outlive that, until remove(). */
export interface TestServer extends TestDatabase {
  /** SIGKILL is a crash; without a signal it ends in order. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}
