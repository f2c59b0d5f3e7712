/**
 * For tests only: a throw-away server in a container, by testcontainers. On one port of loopback at every start, unlike
 * testcontainers' own restart; its data stay in the container until remove().
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { StartedTestContainer } from "testcontainers";

const readyAttemptsMax = 400;
const readyPauseMs = 50;

const docker = (...args: readonly string[]): boolean =>
  spawnSync("docker", [...args], { stdio: "ignore" }).status === 0;

/** Whether a container can be made of the image without a network: where no engine answers, no image is there. */
export const isImageHere = (image: string): boolean => docker("image", "inspect", image);

const pullTimeoutMs = 120_000;

/** Fetches what an engine does not have yet. What cannot be fetched is not used. */
export const fetchImage = (image: string): void => {
  if (!docker("version") || isImageHere(image)) return;
  console.info(`fetching ${image} for the tests`);
  spawnSync("docker", ["pull", "--quiet", image], { stdio: "ignore", timeout: pullTimeoutMs });
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  assert(typeof address === "object" && address !== null);
  return address.port;
};

/** Asks until it is answered: a server logs that it is ready more than once while it sets itself up. */
const untilAnswered = async (ask: () => Promise<unknown>): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (attempt === readyAttemptsMax) throw error;
      await sleep(readyPauseMs);
    }
  }
};

export interface ContainerPlan {
  readonly image: string;
  readonly containerPort: number;
  readonly port: number;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** A request that only a server which serves answers. */
  readonly ask: () => Promise<unknown>;
}

const create = async (plan: ContainerPlan): Promise<StartedTestContainer> => {
  // Its reaper is one more image to fetch, and each test removes what it made.
  // oxlint-disable-next-line node/no-process-env -- testcontainers takes its settings from the environment
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  // Only now: it takes half a second to load, and most machines' tests end without it.
  const { GenericContainer, Wait } = await import("testcontainers");
  return new GenericContainer(plan.image)
    .withExposedPorts({ container: plan.containerPort, host: plan.port })
    .withCommand([...plan.command])
    .withEnvironment(plan.environment)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/i))
    .start();
};

const findContainer = async (id: string) => {
  const { getContainerRuntimeClient } = await import("testcontainers");
  return (await getContainerRuntimeClient()).container.getById(id);
};

/** A container is made at the first start, so that a test can begin with a server that is away. */
export const createContainer = (plan: ContainerPlan) => {
  let started: StartedTestContainer | null = null;
  return {
    start: async (): Promise<void> => {
      if (started === null) started = await create(plan);
      else await (await findContainer(started.getId())).start();
      await untilAnswered(plan.ask);
    },
    stop: async (signal: NodeJS.Signals): Promise<void> => {
      if (started === null) return;
      const container = await findContainer(started.getId());
      const ended: Promise<unknown> = container.wait();
      await container.kill({ signal });
      await ended;
    },
    remove: async (): Promise<void> => {
      await started?.stop({ remove: true, removeVolumes: true, timeout: 0 });
      started = null;
    },
  };
};
