/** The ways in which a container goes and comes back. */
import { pause, waitUntil } from "@reelhouse/testing";
import { type Prepared, type Service, SERVICES, untilHealthy } from "./deployment.ts";
import { docker, inspect } from "./docker.ts";

const RETURN_TIMEOUT_MS = 60_000;
const AWAY_MS = 3000;
/** docker compose's grace and the promise. */
const STOP_SECONDS_MAX = 30;

export const WAYS = ["kill -9", "stop and start", "restart"] as const;
export type Way = (typeof WAYS)[number];
export type Death = readonly [Service, Way];

/**
 * The deaths of a run. All take a quarter of an hour; where compose is one part of many, each service dies once, and those
 * that hold what was promised die hard.
 */
export const DEATHS: Readonly<Record<"all" | "some", readonly Death[]>> = {
  all: SERVICES.flatMap((service) => WAYS.map((way) => [service, way] as const)),
  some: [
    ["gateway", "kill -9"],
    ["uploader", "restart"],
    ["inventory", "stop and start"],
    ["postgres", "kill -9"],
    ["redis", "kill -9"],
    ["cloud", "stop and start"],
  ],
};

declare module "vitest" {
  interface ProvidedContext {
    readonly deaths: keyof typeof DEATHS;
  }
}

/** Postgres ends after a fast shutdown, Redis after its log is on disk, ours after they have drained: all with 0. */
const stopInOrder = async (container: string): Promise<string | undefined> => {
  const begun = performance.now();
  await docker("stop", container);
  const seconds = (performance.now() - begun) / 1000;
  const { ExitCode } = (await inspect(container)).State;
  if (ExitCode !== 0) return `stop: exit code ${ExitCode}`;
  if (seconds > STOP_SECONDS_MAX) return `stop: ${seconds.toFixed(1)} s`;
  console.log(`  stopped in ${seconds.toFixed(1)} s, exit code 0`);
  return undefined;
};

/** Kills what runs in the container, as a crash would: docker kill would count as wanted, and nothing would come back. */
const crash = async (container: string): Promise<void> => {
  const before = (await inspect(container)).RestartCount;
  // The shell itself is spared by kill -1, and dies with the container.
  await docker("exec", container, "sh", "-c", "kill -9 -1").catch(() => undefined);
  await waitUntil(
    async () => {
      const { RestartCount, State } = await inspect(container);
      return RestartCount > before && State.Status === "running" ? true : undefined;
    },
    { what: `${container} restarted by docker`, timeoutMs: RETURN_TIMEOUT_MS },
  );
};

/** Takes the service away, and resolves when it is healthy again; with what was not in order. */
export const takeAway = async (
  prepared: Prepared,
  service: Service,
  way: Way,
): Promise<string | undefined> => {
  const container = prepared.nameOf(service);
  let fault: string | undefined;
  if (way === "kill -9") await crash(container);
  if (way === "restart") await docker("restart", container);
  if (way === "stop and start") {
    fault = await stopInOrder(container);
    await pause(AWAY_MS);
    await docker("start", container);
  }
  await untilHealthy(container);
  return fault;
};
