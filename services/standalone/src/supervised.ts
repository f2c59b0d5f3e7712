/** The two kinds of child the launcher watches: a service of ours, and the Postgres server. */
import path from "node:path";
import type { ReadyReport } from "@reelhouse/service-kit";
import type { DataLock } from "./data-lock.ts";
import { postgresPrograms } from "./postgres/binaries.ts";
import { ensureCluster, postgresUser } from "./postgres/cluster.ts";
import { startPostgres, stopLeftover, stopPostgres } from "./postgres/server.ts";
import type { Screen } from "./screen.ts";
import { openLogFile } from "./supervise/log-file.ts";
import { screenLine } from "./supervise/log-line.ts";
import { endingText, startService, type ServiceDefinition } from "./supervise/service-process.ts";
import { supervise, type Supervisor } from "./supervise/supervisor.ts";

export interface Watch {
  readonly logs: string;
  readonly screen: Screen;
  readonly lock: DataLock;
}

/** A service: its log goes to `<logs>/<name>.log`, warnings and worse to the screen too. */
export const superviseService = async (
  definition: ServiceDefinition,
  { logs, screen, lock }: Watch,
): Promise<Supervisor<ReadyReport>> => {
  const { name } = definition;
  const log = await openLogFile(path.join(logs, `${name}.log`));
  const onLine = (line: string) => {
    log.line(line);
    const shown = screenLine(name, line);
    if (shown !== null) screen.say(shown);
  };
  return supervise({
    name,
    say: screen.say,
    onPid: (pid) => lock.setChild(name, pid),
    run: () => {
      const service = startService(definition, onLine);
      return {
        pid: service.pid,
        ready: service.ready,
        ended: service.ended.then(endingText),
        stop: async () => {
          await service.stop();
        },
      };
    },
  });
};

/** The server, its cluster made first if there is none. */
export const supervisePostgres = async (
  clusterDirectory: string,
  socketDirectory: string,
  { logs, screen, lock }: Watch,
): Promise<Supervisor<null>> => {
  const programs = await postgresPrograms();
  const user = await postgresUser(clusterDirectory);
  await ensureCluster(programs, clusterDirectory, user);
  await stopLeftover(clusterDirectory);
  const log = await openLogFile(path.join(logs, "postgres.log"));
  return supervise({
    name: "postgres",
    say: screen.say,
    onPid: (pid) => lock.setChild("postgres", pid),
    run: async () => {
      const options = { programs, user, clusterDirectory, socketDirectory, onLine: log.line };
      const child = await startPostgres(options);
      const ended = new Promise<string>((resolve) => {
        child.once("exit", (code, signal) => resolve(endingText({ code, signal })));
      });
      return {
        pid: child.pid ?? 0,
        ready: Promise.resolve(null),
        ended,
        stop: () => stopPostgres(child),
      };
    },
  });
};
