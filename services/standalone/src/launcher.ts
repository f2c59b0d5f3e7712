/** The embedded launcher: everything one machine needs, started in order, watched, stopped in the opposite order. */
import { chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import { ensureTokenFile, type Environment, type ReadyReport } from "@reelhouse/service-kit";
import { settleAddresses } from "./addresses.ts";
import { ensureCloudCredentials, type CloudCredentials } from "@reelhouse/cloud-emulator";
import { catalogueReady } from "./catalogue-ready.ts";
import { LISTENER_KEYS, usesEmbeddedCloud, type StandaloneConfig } from "./config.ts";
import { lockDataDirectory } from "./data-lock.ts";
import { dataLayout, type DataLayout } from "./layout.ts";
import { ensureSocketDirectory } from "./postgres/cluster.ts";
import { ensureDatabases } from "./postgres/databases.ts";
import type { Screen } from "./screen.ts";
import { cloudService, productServices, urlOf, type ServiceRow } from "./services.ts";
import type { ServiceDefinition } from "./supervise/service-process.ts";
import { supervisePostgres, superviseService, type Watch } from "./supervised.ts";
import { welcomeLines } from "./welcome.ts";

export interface LauncherOptions {
  readonly config: StandaloneConfig;
  readonly environment: Environment;
  readonly screen: Screen;
  /** All of them, without; fewer in tests. */
  readonly services?: readonly ServiceRow[];
}

export interface Launcher {
  /** Resolves when all is ready; rejects when something is not, or stop() came first. Call stop() in either case. */
  start(): Promise<void>;
  /** Stops what was started, the last first. One that fails does not keep the others. */
  stop(): Promise<void>;
}

type Stop = () => Promise<void>;
type Reports = Record<string, ReadyReport>;

/** Makes what the services expect to find; answers with the admin token. */
const prepareFolder = async (layout: DataLayout): Promise<string> => {
  await mkdir(layout.media, { recursive: true });
  await ensureTokenFile(layout.serviceToken, "REELHOUSE_SERVICE_TOKEN_FILE");
  return ensureTokenFile(layout.adminToken, "REELHOUSE_ADMIN_TOKEN_FILE");
};

/** Runs each step unless stop() came, and keeps what undoes it. */
const createSteps = (screen: Screen) => {
  const stops: Stop[] = [];
  let stopping = false;
  return {
    run: <Value>(name: string, work: () => Promise<Value>, begun?: number): Promise<Value> => {
      if (stopping) throw new Error("stopped while starting");
      return screen.step(name, work, begun);
    },
    undo: (stop: Stop) => void stops.push(stop),
    undoAll: async () => {
      stopping = true;
      const failures: unknown[] = [];
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
        await stop().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, "not everything stopped");
    },
  };
};

type Steps = ReturnType<typeof createSteps>;

/** Answers with the folder of the server's socket. */
const startDatabase = (layout: DataLayout, steps: Steps, watch: Watch): Promise<string> =>
  steps.run("postgres", async () => {
    const socketDirectory = await ensureSocketDirectory(layout.root);
    const supervisor = await supervisePostgres(layout.cluster, socketDirectory, watch);
    steps.undo(() => supervisor.stop());
    await supervisor.start();
    await ensureDatabases(socketDirectory);
    return socketDirectory;
  });

export const createLauncher = ({
  config,
  environment,
  screen,
  services,
}: LauncherOptions): Launcher => {
  const embeddedCloud = usesEmbeddedCloud(config);
  const layout = dataLayout(path.resolve(config.dataDir));
  const listeners = LISTENER_KEYS.filter((key) => embeddedCloud || key !== "cloudListen");
  const steps = createSteps(screen);

  const openFolder = () =>
    steps.run("data folder", async () => {
      await mkdir(layout.root, { recursive: true, mode: 0o700 });
      await chmod(layout.root, 0o700);
      const lock = await lockDataDirectory(layout.root, screen.say);
      steps.undo(() => lock.release());
      const adminToken = await prepareFolder(layout);
      const addresses = await settleAddresses(config, listeners);
      return { lock, addresses, adminToken };
    });

  /** All at once, for each lives through the absence of the others; shown, and later stopped, in this order. */
  const startServices = async (definitions: readonly ServiceDefinition[], watch: Watch) => {
    const begun = performance.now();
    const starting = [];
    for (const definition of definitions) {
      const supervisor = await superviseService(definition, watch);
      steps.undo(() => supervisor.stop());
      const report = supervisor.start();
      // Awaited below, in order; a failure before its turn must not be an unhandled one.
      report.catch(() => undefined);
      starting.push({ name: definition.name, report });
    }
    const reports: Reports = {};
    for (const { name, report } of starting) {
      reports[name] = await steps.run(name, () => report, begun);
    }
    return reports;
  };

  const awaitLibrary = async (reports: Reports, api: string, adminToken: string) => {
    if (reports["gateway"] === undefined || reports["inventory"] === undefined) return;
    const described = await steps.run("library", () => catalogueReady(api, adminToken));
    if (!described) screen.say("  the inventory does not know the library yet; it will");
  };

  return {
    start: async () => {
      const begun = performance.now();
      screen.say(`Reelhouse starts; data in ${layout.root}`);
      const { lock, addresses, adminToken } = await openFolder();
      const watch: Watch = { logs: layout.logs, screen, lock };
      const socketDirectory = await startDatabase(layout, steps, watch);
      const surroundings = { inherited: environment, layout, addresses, socketDirectory };
      let credentials: CloudCredentials | null = null;
      if (embeddedCloud) {
        credentials = await ensureCloudCredentials(layout.cloudCredentials);
        await startServices([cloudService(surroundings)], watch);
      }
      const definitions = productServices(surroundings, credentials, services);
      const reports = await startServices(definitions, watch);
      await awaitLibrary(reports, urlOf(addresses.apiListen), adminToken);
      const seconds = (performance.now() - begun) / 1000;
      screen.say(welcomeLines({ seconds, layout, addresses, reports, embeddedCloud }).join("\n"));
    },
    stop: steps.undoAll,
  };
};
