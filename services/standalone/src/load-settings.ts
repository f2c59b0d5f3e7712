/**
 * The launcher's settings out of the environment, with a fault for each that the launcher makes itself: a value that it
 * would pass over in silence, or that a service would refuse beside the launcher's own, has to be said at once.
 */
import { ConfigError, loadConfig, type Environment } from "@reelhouse/service-kit";
import { standaloneConfig, type StandaloneConfig } from "./config.ts";

const POSTGRES = "npm start brings a Postgres of its own";
const TOKENS = "npm start keeps its tokens in the data folder";
const ADDRESSES = "npm start tells its services where they find one another";

/** What `services.ts` sets for every service, with the reason. */
export const SETTLED_BY_LAUNCHER = {
  REELHOUSE_DATABASE_URL: POSTGRES,
  REELHOUSE_DATABASE_URL_FILE: POSTGRES,
  REELHOUSE_QUEUE_URL: POSTGRES,
  REELHOUSE_QUEUE_URL_FILE: POSTGRES,
  REELHOUSE_ADMIN_TOKEN_FILE: TOKENS,
  REELHOUSE_SERVICE_TOKEN_FILE: TOKENS,
  REELHOUSE_GATEWAY_CONTROL_URL: ADDRESSES,
  REELHOUSE_INVENTORY_URL: ADDRESSES,
} as const;

const reasons: ReadonlyMap<string, string> = new Map(Object.entries(SETTLED_BY_LAUNCHER));

const settledFaults = (environment: Environment): readonly string[] =>
  [...reasons]
    .filter(([name]) => (environment[name] ?? "") !== "")
    .map(
      ([name, reason]) =>
        `${name}: cannot be set, ${reason}. To fix: unset it, or use docker compose.`,
    );

/** The settings, or what is wrong with them. */
const read = (environment: Environment): readonly string[] | StandaloneConfig => {
  try {
    return loadConfig(standaloneConfig, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

/** Throws ConfigError with all faults. What they show holds no secret. */
export const loadSettings = (environment: Environment): StandaloneConfig => {
  const free = Object.entries(environment).filter(([name]) => !reasons.has(name));
  const loaded = read(Object.fromEntries(free));
  const settled = settledFaults(environment);
  if ("dataDir" in loaded && settled.length === 0) return loaded;
  throw new ConfigError(["dataDir" in loaded ? [] : loaded, settled].flat());
};
