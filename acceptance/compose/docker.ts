/** The docker command line, and what the tests ask it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Standard output; throws with what docker said when it fails. */
export const docker = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run("docker", [...args], { maxBuffer: OUTPUT_BYTES_MAX });
  return stdout.trim();
};

/** `docker compose` in a checkout, with settings; its exit code and all it said. */
export const compose = async (
  checkout: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<Outcome> => {
  const options = { cwd: checkout, env: environment, maxBuffer: OUTPUT_BYTES_MAX };
  try {
    const { stdout, stderr } = await run("docker", ["compose", ...args], options);
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const {
      code,
      stdout = "",
      stderr = "",
    } = error as Error & Partial<Outcome> & { stdout?: string; stderr?: string };
    return { code: typeof code === "number" ? code : 1, output: stdout + stderr };
  }
};

/** Whether an engine answers that can run a compose file. */
const hasEngine = (): Promise<boolean> =>
  Promise.all([
    docker("version", "--format", "{{.Server.Version}}"),
    docker("compose", "version"),
  ]).then(
    () => true,
    () => false,
  );

/** What the deployment is built from and does not build itself. */
const IMAGES = ["node:24-bookworm-slim", "postgres:16", "redis:7"];

/** Fetches what is missing. Answers which images cannot be had, as where there is an engine and no registry. */
const missingImages = async (): Promise<string[]> => {
  const missing: string[] = [];
  for (const image of IMAGES)
    await docker("image", "inspect", image)
      .catch(() => docker("pull", "--quiet", image))
      .catch(() => missing.push(image));
  return missing;
};

/** Why nothing can be deployed here; undefined where it can. */
export const whyNoDeployment = async (): Promise<string | undefined> => {
  if (!(await hasEngine())) return "no Docker engine with docker compose here";
  const missing = await missingImages();
  return missing.length === 0
    ? undefined
    : `the Docker engine here has no ${missing.join(", ")}, nor can it fetch them`;
};

/** What the tests look at of `docker inspect`. */
export interface Inspected {
  readonly Name: string;
  readonly Config: { readonly User: string; readonly Env: readonly string[] };
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Pid: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly RestartCount: number;
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number | null;
    readonly Privileged: boolean;
    readonly LogConfig: {
      readonly Type: string;
      readonly Config: Readonly<Record<string, string>>;
    };
    readonly RestartPolicy: { readonly Name: string };
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>> | null;
  };
}

export const inspect = async (container: string): Promise<Inspected> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- docker's own format; tests fail on what is missing
  const [found] = JSON.parse(await docker("inspect", container)) as Inspected[];
  if (found === undefined) throw new Error(`docker knows no container ${container}`);
  return found;
};
