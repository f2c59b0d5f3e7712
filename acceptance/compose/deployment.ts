/** A deployment for the tests: a clean checkout, ports and a project of its own, the emulator inside. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Changer, freePorts, openSession, Tape, waitUntil, type Portal } from "@reelhouse/testing";
import {
  DockerComposeEnvironment,
  Wait,
  type StartedDockerComposeEnvironment,
} from "testcontainers";
import { compose, docker, inspect, type Outcome } from "./docker.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BUILT = new Set(["node_modules", "generated", ".turbo", ".git", ".cache", "data", ".env"]);
const NEEDED = [
  "docker-compose.yml",
  ".dockerignore",
  ".npmrc",
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "packages",
  "services",
  "infra",
  "acceptance/package.json",
];
const START_TIMEOUT_MS = 600_000;
const HEALTHY_TIMEOUT_MS = 120_000;

/** Those that run as long as the deployment does. */
export const SERVICES = ["gateway", "uploader", "inventory", "postgres", "redis", "cloud"] as const;
export type Service = (typeof SERVICES)[number];

type Settings = Readonly<Record<string, string>>;
/** Images of their own name, so that none of a deployment in use is replaced. */
const IMAGES: Settings = { REELHOUSE_VERSION: "acceptance" };
/** Small segments and tapes: everything happens within seconds. */
const SMALL: Settings = {
  REELHOUSE_SEGMENT_BYTES_MAX: "1MiB",
  REELHOUSE_LIBRARY_TAPES: "3",
  REELHOUSE_LIBRARY_TAPE_BYTES: "10GiB",
  REELHOUSE_LIBRARY_DRIVES: "2",
};

export interface TapeState {
  readonly usedBytes: number;
  readonly pendingBytes: number;
  readonly uploadedBytes: number;
}

const makeCheckout = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "reelhouse-compose-"));
  for (const name of NEEDED)
    cpSync(path.join(ROOT, name), path.join(folder, name), {
      recursive: true,
      filter: (file) => !BUILT.has(path.basename(file)),
    });
  return folder;
};

/** A folder as a user has it who cloned the repository, and a project name and ports that nobody else uses. */
export const prepare = async (own: Settings = SMALL) => {
  const [iscsi = 0, api = 0] = await freePorts(2);
  const project = `reelhouse-acceptance-${process.pid}`;
  const settings: Settings = {
    ...IMAGES,
    ...own,
    REELHOUSE_ISCSI_PUBLISH: `127.0.0.1:${iscsi}`,
    REELHOUSE_API_PUBLISH: `127.0.0.1:${api}`,
  };
  const checkout = makeCheckout();
  // oxlint-disable-next-line node/no-process-env -- docker needs PATH, HOME and what names its engine
  const { PATH, HOME, DOCKER_HOST, DOCKER_CONFIG } = process.env;
  const inherited = { PATH, HOME, DOCKER_HOST, DOCKER_CONFIG };
  const nameOf = (service: string, number = 1) => `${project}-${service}-${number}`;
  return {
    checkout,
    project,
    settings,
    portal: { host: "127.0.0.1", port: iscsi } satisfies Portal,
    apiUrl: `http://127.0.0.1:${api}`,
    nameOf,
    /** `docker compose` on this deployment, as an operator types it. */
    compose: (args: readonly string[], more: Settings = {}, name = project): Promise<Outcome> =>
      compose(checkout, { ...inherited, ...settings, ...more }, ["--project-name", name, ...args]),
    /** Also what came up only in part, which testcontainers would not know. */
    async remove(): Promise<void> {
      await this.compose(["--profile", "emulator", "down", "--volumes", "--timeout", "30"]);
      rmSync(checkout, { recursive: true, force: true });
    },
  };
};
export type Prepared = Awaited<ReturnType<typeof prepare>>;

/** Brings the compose file up, built from the checkout, and waits until every container says that it is healthy. */
export const bringUp = async (prepared: Prepared): Promise<StartedDockerComposeEnvironment> => {
  const environment = new DockerComposeEnvironment(prepared.checkout, "docker-compose.yml")
    .withProjectName(prepared.project)
    .withProfiles("emulator")
    .withEnvironment({ ...prepared.settings })
    .withBuild()
    .withStartupTimeout(START_TIMEOUT_MS)
    .withDefaultWaitStrategy(Wait.forHealthCheck());
  return environment.up();
};

export const untilHealthy = async (container: string): Promise<void> => {
  await waitUntil(
    async () => ((await inspect(container)).State.Health?.Status === "healthy" ? true : undefined),
    { what: `${container} healthy`, timeoutMs: HEALTHY_TIMEOUT_MS, pauseMs: 250 },
  );
};

export const adminToken = (prepared: Prepared): Promise<string> =>
  docker("exec", prepared.nameOf("inventory"), "cat", "/run/reelhouse/admin-token");

const NAMES = "iqn.2026-11.io.reelhouse:gw1";
const READY_TIMEOUT_MS = 60_000;

/** A drive may be empty: it is not waited for. */
export const openDrive = async ({ portal }: Prepared, number = 1): Promise<Tape> =>
  new Tape(await openSession({ portal, targetName: `${NAMES}-tapedrive-0${number}` }));
export const openChanger = async ({ portal }: Prepared): Promise<Changer> => {
  const changer = new Changer(await openSession({ portal, targetName: `${NAMES}-mediachanger` }));
  // Past the unit attention that a new session begins with.
  await changer.waitUntilReady(READY_TIMEOUT_MS);
  return changer;
};

/** What the API says of a tape; undefined while it does not answer. */
export const tapeState = async (
  { apiUrl }: Prepared,
  token: string,
  barcode: string,
): Promise<TapeState | undefined> => {
  try {
    const answer = await fetch(`${apiUrl}/v1/tapes/${barcode}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5000),
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test fails on what is missing
    return answer.ok ? ((await answer.json()) as TapeState) : undefined;
  } catch {
    return undefined;
  }
};
