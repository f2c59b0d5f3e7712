/** Starts the product as its user does, in a folder of its own, and gives tests hold of it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Changer } from "../changer.ts";
import { openSession, type ConnectOptions, type Portal } from "../initiator/connect.ts";
import { Tape } from "../tape.ts";
import { freePorts } from "./free-ports.ts";
import { descendantsOf, type ServiceName, servicesOf } from "./processes.ts";
import { restApi, type RestApi } from "./rest.ts";
import type { S3Access } from "./s3-reader.ts";

export interface StartOptions {
  readonly dataDir: string;
  /** Settings besides the ports, `REELHOUSE_SEGMENT_BYTES_MAX` and the like. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly gatewayName?: string;
  readonly readyTimeoutMs?: number;
  /** Each line the product shows, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface Reelhouse {
  readonly dataDir: string;
  readonly portal: Portal;
  readonly apiUrl: string;
  readonly api: RestApi;
  readonly cloudUrl: string;
  readonly changerName: string;
  readonly pid: number;
  /** Exit code of the launcher, null when a signal ended it. */
  readonly exited: Promise<number | null>;
  driveName(number: number): string;
  /** Everything the launcher showed so far. */
  output(): string;
  /** A session with the changer. */
  openChanger(options?: Partial<ConnectOptions>): Promise<Changer>;
  /** A session with drive 1, 2, … */
  openDrive(number?: number, options?: Partial<ConnectOptions>): Promise<Tape>;
  /** The processes of the services that live now. */
  services(): Partial<Record<ServiceName, number>>;
  kill(service: ServiceName, signal?: NodeJS.Signals): void;
  /** Ends launcher and services at once, as a power failure would. */
  killEverything(): Promise<void>;
  /** SIGTERM, and the exit code. Kills what does not end in time, and throws then. */
  stop(timeoutMs?: number): Promise<number | null>;
  /** Access to the embedded store; throws when there is none. */
  cloudAccess(): S3Access;
}

const LAUNCHER = fileURLToPath(
  new URL("../../../../services/standalone/src/main.ts", import.meta.url),
);
const READY_TIMEOUT_MS = 60_000;
/** The product promises an ordered stop within 10 s. */
const STOP_TIMEOUT_MS = 20_000;
const OUTPUT_CHARACTERS_MAX = 1_000_000;
const INHERITED = ["PATH", "HOME", "LANG", "TMPDIR"] as const;

/** A clean environment: no setting and no cloud credentials of whoever runs the test. */
const environmentFor = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const inherited = INHERITED.map((name) => {
    // oxlint-disable-next-line node/no-process-env -- a child needs PATH and HOME; nothing else is passed on
    return [name, process.env[name]] as const;
  });
  return {
    ...Object.fromEntries(inherited.filter(([, value]) => value !== undefined)),
    ...settings,
  };
};

/** Gathers what the launcher shows; `ready` settles with its first line that begins so. */
const follow = (child: ChildProcess, onLine: ((line: string) => void) | undefined) => {
  let output = "";
  let rest = "";
  const ready = Promise.withResolvers<void>();
  const take = (chunk: Buffer) => {
    const text = chunk.toString("utf8");
    output = (output + text).slice(-OUTPUT_CHARACTERS_MAX);
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      onLine?.(line);
      if (line.startsWith("ready")) ready.resolve();
    }
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  return { output: () => output, ready: ready.promise, shown: onLine !== undefined };
};

const portsOf = async (gatewayName: string) => {
  const [iscsi = 0, api = 0, cloud = 0, control = 0, ops = 0] = await freePorts(5);
  const settings = {
    REELHOUSE_GATEWAY_NAME: gatewayName,
    REELHOUSE_ISCSI_LISTEN: `127.0.0.1:${iscsi}`,
    REELHOUSE_API_LISTEN: `127.0.0.1:${api}`,
    REELHOUSE_CLOUD_LISTEN: `127.0.0.1:${cloud}`,
    REELHOUSE_GATEWAY_CONTROL_LISTEN: `127.0.0.1:${control}`,
    REELHOUSE_UPLOADER_OPS_LISTEN: `127.0.0.1:${ops}`,
  };
  return { iscsi, api, cloud, settings };
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime: that is what the signal was for.
  }
};

/** Resolves when the `ready` line came. Throws Error when it does not, with the output unless it was shown already. */
const untilReady = async (
  child: ChildProcess,
  followed: ReturnType<typeof follow>,
  exited: Promise<number | null>,
  timeoutMs: number,
): Promise<void> => {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`not ready in ${timeoutMs / 1000} s`), timeoutMs);
  const outcome = await Promise.race([
    followed.ready,
    exited.then((code) => `ended with ${code} before it was ready`),
    late,
  ]);
  clearTimeout(timer);
  if (outcome === undefined) return;
  if (child.pid !== undefined) {
    const below = descendantsOf(child.pid);
    for (const { pid } of [{ pid: child.pid }, ...below]) signal(pid, "SIGKILL");
  }
  const shown = followed.shown ? "" : `:\n${followed.output().slice(-4000)}`;
  throw new Error(`Reelhouse ${outcome}${shown}`);
};

/** Starts Reelhouse and waits for its `ready` line. Whoever starts it stops it. */
export const startReelhouse = async (options: StartOptions): Promise<Reelhouse> => {
  const { dataDir, gatewayName = "gw1" } = options;
  mkdirSync(dataDir, { recursive: true });
  const ports = await portsOf(gatewayName);
  const child = spawn(process.execPath, [LAUNCHER], {
    // A group of its own: Ctrl-C at a terminal reaches us, and the launcher gets one signal, from us.
    detached: true,
    // By the channel's end the launcher learns that we died, even of SIGKILL, and stops itself.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: environmentFor({
      REELHOUSE_DATA_DIR: dataDir,
      ...ports.settings,
      ...options.settings,
    }),
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error("the launcher could not be started");
  const abandon = () => signal(pid, "SIGTERM");
  process.once("exit", abandon);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const followed = follow(child, options.onLine);
  await untilReady(child, followed, exited, options.readyTimeoutMs ?? READY_TIMEOUT_MS);
  void exited.then(() => process.off("exit", abandon));
  return handle({ dataDir, gatewayName, pid, exited, output: followed.output, ...ports });
};

interface Running {
  readonly dataDir: string;
  readonly gatewayName: string;
  readonly pid: number;
  readonly exited: Promise<number | null>;
  readonly output: () => string;
  readonly iscsi: number;
  readonly api: number;
  readonly cloud: number;
}

const handle = (running: Running): Reelhouse => {
  const { dataDir, gatewayName, pid, exited, output } = running;
  const portal = { host: "127.0.0.1", port: running.iscsi };
  const apiUrl = `http://127.0.0.1:${running.api}`;
  const cloudUrl = `http://127.0.0.1:${running.cloud}`;
  const name = (device: string) => `iqn.2026-11.io.reelhouse:${gatewayName}-${device}`;
  const driveName = (number: number) => name(`tapedrive-${String(number).padStart(2, "0")}`);
  const changerName = name("mediachanger");
  const connected = (targetName: string, options: Partial<ConnectOptions> = {}) =>
    openSession({ portal, targetName, ...options });
  const killEverything = async () => {
    const all = [pid, ...descendantsOf(pid).map((info) => info.pid)];
    for (const one of all) signal(one, "SIGKILL");
    await exited;
  };
  return {
    dataDir,
    portal,
    apiUrl,
    cloudUrl,
    changerName,
    driveName,
    pid,
    exited,
    output,
    killEverything,
    api: restApi(apiUrl, () => readFileSync(join(dataDir, "admin-token"), "utf8").trim()),
    openChanger: async (connect) => new Changer(await connected(changerName, connect)),
    openDrive: async (number = 1, connect = {}) =>
      new Tape(await connected(driveName(number), connect)),
    services: () => servicesOf(pid),
    kill: (service, name_ = "SIGKILL") => {
      const servicePid = servicesOf(pid)[service];
      if (servicePid === undefined) throw new Error(`no process of ${service} lives`);
      process.kill(servicePid, name_);
    },
    stop: async (timeoutMs = STOP_TIMEOUT_MS) => {
      signal(pid, "SIGTERM");
      const { promise: late, resolve } = Promise.withResolvers<"late">();
      const timer = setTimeout(() => resolve("late"), timeoutMs);
      const outcome = await Promise.race([exited, late]);
      clearTimeout(timer);
      if (outcome !== "late") return outcome;
      await killEverything();
      throw new Error(`Reelhouse did not stop in ${timeoutMs / 1000} s:\n${output().slice(-2000)}`);
    },
    cloudAccess: () => readCloudAccess(dataDir, cloudUrl),
  };
};

/** The embedded store's credentials, as the launcher keeps them. */
const readCloudAccess = (dataDir: string, endpoint: string): S3Access => {
  const text = readFileSync(join(dataDir, "cloud", "credentials.json"), "utf8");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields are looked at right below
  const { accessKeyId, secretAccessKey } = JSON.parse(text) as Record<string, string>;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error("credentials.json has no accessKeyId and secretAccessKey");
  return { endpoint, bucket: "reelhouse", region: "us-east-1", accessKeyId, secretAccessKey };
};
