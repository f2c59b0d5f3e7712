/** The server process: started, seen ready, stopped. Only a UNIX socket, no TCP. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, outlast } from "../process-identity.ts";
import {
  postgresCommand,
  postgresEnvironment,
  type PostgresPrograms,
  type PostgresUser,
} from "./binaries.ts";

export interface PostgresOptions {
  readonly programs: PostgresPrograms;
  readonly user: PostgresUser;
  readonly clusterDirectory: string;
  readonly socketDirectory: string;
  /** Every line the server logs. */
  readonly onLine: (line: string) => void;
}

/** Enough for our services many times over, small beside a gateway's slabs. */
const settings = (socketDirectory: string) => ({
  listen_addresses: "",
  unix_socket_directories: socketDirectory,
  unix_socket_permissions: "0700",
  max_connections: "100",
  shared_buffers: "64MB",
  log_checkpoints: "off",
});

/** After a SIGKILL of the server its backends need some 100 ms to go; until then it refuses to start. */
const passing = /pre-existing shared memory|lock file .* already exists|is another postmaster/;
const startAttempts = 40;
const startPauseMs = 250;
const startTimeoutMs = 60_000;

/**
 * What the server logs at SIGTERM: it then takes no clients, and waits for ever for those it has, which are ours. In the
 * language of initdb's locale, C.UTF-8.
 */
const smartShutdown = "received smart shutdown request";

const launch = async ({
  programs,
  user,
  clusterDirectory,
  socketDirectory,
  onLine,
}: PostgresOptions): Promise<ChildProcess> => {
  const flags = Object.entries(settings(socketDirectory)).flatMap(([key, value]) => [
    "-c",
    `${key}=${value}`,
  ]);
  const [command, args] = postgresCommand(
    programs.postgres,
    ["-D", clusterDirectory, ...flags],
    user,
  );
  // Its own process group: an operator's Ctrl-C is for the launcher, which stops things in order.
  const child = spawn(command, args, {
    env: postgresEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let log = "";
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      onLine(line);
      if (log.length < 20_000) log += `${line}\n`;
      if (line.includes("ready to accept connections")) resolve();
      if (line.includes(smartShutdown)) void stopPostgres(child);
    }
  });
  child.once("error", reject);
  child.once("exit", (code, signal) =>
    reject(new Error(`postgres ended (${signal ?? code})\n${log}`)),
  );
  const timer = setTimeout(() => {
    child.kill("SIGINT");
    reject(new Error(`postgres was not ready within ${startTimeoutMs} ms\n${log}`));
  }, startTimeoutMs);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
  return child;
};

/** Stops a server that outlived its launcher (no pdeathsig there, or not yet obeyed). Once, with the folder just locked. */
export const stopLeftover = async (clusterDirectory: string) => {
  const text = await readFile(path.join(clusterDirectory, "postmaster.pid"), "utf8").catch(
    () => "",
  );
  const [pid, directory] = text.split("\n");
  if (!/^\d+$/.test(pid ?? "") || directory !== clusterDirectory) return;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (!command.includes(clusterDirectory)) return;
  const identity = await identify(Number(pid));
  process.kill(identity.pid, "SIGINT");
  await outlast(identity, stopTimeoutMs);
};

/** Starts the server and resolves once it takes connections. */
export const startPostgres = async (options: PostgresOptions): Promise<ChildProcess> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(options);
    } catch (error) {
      const temporary = error instanceof Error && passing.test(error.message);
      if (!temporary || attempt === startAttempts) throw error;
      await sleep(startPauseMs);
    }
  }
};

const stopTimeoutMs = 5000;
/** An immediate shutdown writes nothing; whoever needs longer for it does not run at all. */
const quitTimeoutMs = 2000;

/**
 * Fast shutdown (SIGINT): sessions end, a checkpoint is written. After `limitMs` immediate (SIGQUIT): recovery later.
 * One that obeys neither, frozen or stuck in its disk, is killed 2 s after that.
 */
export const stopPostgres = async (child: ChildProcess, limitMs = stopTimeoutMs): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGINT");
  const timers = [
    setTimeout(() => child.kill("SIGQUIT"), limitMs),
    setTimeout(() => child.kill("SIGKILL"), limitMs + quitTimeoutMs),
  ];
  await ended;
  for (const timer of timers) clearTimeout(timer);
};
