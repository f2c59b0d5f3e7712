/** One run of one service as a child process: started, heard ready, ended. */
import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { readyReport, type ReadyReport } from "@reelhouse/service-kit";

export interface ServiceDefinition {
  readonly name: string;
  readonly main: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** SIGKILL after this. */
  readonly stopTimeoutMs: number;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  readonly pid: number;
  /** What it reported; rejects if it ends, or says nothing for `readyTimeoutMs`, before. */
  readonly ready: Promise<ReadyReport>;
  readonly ended: Promise<Ending>;
  stop(): Promise<Ending>;
}

const readyTimeoutMs = 60_000;

export const endingText = ({ code, signal }: Ending): string =>
  signal === null ? `exit ${code}` : signal;

const eachLine = (stream: Readable | null, onLine: (line: string) => void) => {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine);
};

const readiness = (
  child: ChildProcess,
  ended: Promise<Ending>,
  name: string,
): Promise<ReadyReport> => {
  const { promise, resolve, reject } = Promise.withResolvers<ReadyReport>();
  const late = () => reject(new Error(`${name} was not ready within ${readyTimeoutMs} ms`));
  const timer = setTimeout(late, readyTimeoutMs);
  child.on("message", (message) => {
    const report = readyReport.safeParse(message);
    if (report.success) resolve(report.data);
  });
  void ended.then((ending) =>
    reject(new Error(`${name} ended before it was ready (${endingText(ending)})`)),
  );
  const cleared = promise.finally(() => clearTimeout(timer));
  // Whoever does not wait for it must not be ended by it.
  cleared.catch(() => undefined);
  return cleared;
};

export const startService = (
  { name, main, environment, stopTimeoutMs }: ServiceDefinition,
  onLine: (line: string) => void,
): ServiceProcess => {
  const child = fork(main, [], {
    // Ours, not the launcher's: its test runner or debugger is not the service's business.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: environment,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Its own process group: Ctrl-C is for the launcher, which stops services in order.
    detached: true,
  });
  eachLine(child.stdout, onLine);
  eachLine(child.stderr, onLine);
  const ended = new Promise<Ending>((resolve) => {
    child.once("error", (error) => {
      onLine(`${name} cannot be started: ${error.message}`);
      resolve({ code: 1, signal: null });
    });
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? 0,
    ready: readiness(child, ended, name),
    ended,
    stop: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      const ending = await ended;
      clearTimeout(timer);
      return ending;
    },
  };
};
