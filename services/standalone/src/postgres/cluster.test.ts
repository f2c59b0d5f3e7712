/** Whom the server runs as, how it is called, and where its socket lies. */
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresCommand } from "./binaries.ts";
import { ensureSocketDirectory, postgresUser } from "./cluster.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "rh-cluster-"));
});
afterAll(() => rm(folder, { recursive: true }));

const me = process.getuid?.() ?? 0;

test("no cluster yet → root runs it as nobody, any other user as itself", async () => {
  expect(await postgresUser(path.join(folder, "none"), 0)).toEqual({ uid: 65534, gid: 65534 });
  expect(await postgresUser(path.join(folder, "none"), 1000)).toBeNull();
});

test("a cluster of somebody else → root runs it as that user, another user is told what to do", async () => {
  const cluster = path.join(folder, "postgres");
  await mkdir(cluster);
  await writeFile(path.join(cluster, "PG_VERSION"), "18");
  const stranger = me + 1;
  await expect(postgresUser(cluster, stranger)).rejects.toThrow(`chown -R ${stranger} ${cluster}`);
  const asRoot = await postgresUser(cluster, 0).then(
    (user) => `as user ${user?.uid}`,
    (error: unknown) => String(error),
  );
  // The test's own user made it: root itself cannot run a server, any other user's server root can run.
  expect(asRoot).toContain(me === 0 ? "chown -R 65534" : `as user ${me}`);
});

test("on Linux → through setpriv, interrupted when the launcher dies; elsewhere → as it is", () => {
  const [program, args] = postgresCommand("/pg/postgres", ["-D", "x"], { uid: 5, gid: 6 }, "linux");
  expect(program).toBe("setpriv");
  expect(args).toContain("--reuid=5");
  expect(args).toContain("--pdeathsig=INT");
  expect(args.slice(-4)).toEqual(["--", "/pg/postgres", "-D", "x"]);
  expect(postgresCommand("/pg/postgres", [], null, "linux")[1].join(" ")).not.toContain("reuid");
  expect(postgresCommand("/pg/postgres", ["-D"], null, "darwin")).toEqual(["/pg/postgres", ["-D"]]);
});

test("a short path → the socket beside the data, for this user only", async () => {
  const beside = path.join(folder, "postgres-socket");
  await mkdir(beside);
  await chmod(beside, 0o777);
  expect(await ensureSocketDirectory(folder)).toBe(beside);
  expect((await stat(beside)).mode & 0o777).toBe(0o700);
});

test("a path too long for a socket → a short one of its own, the same each time", async () => {
  const long = path.join(folder, "x".repeat(100));
  const directory = await ensureSocketDirectory(long);
  expect(Buffer.byteLength(`${directory}/.s.PGSQL.5432`)).toBeLessThanOrEqual(107);
  expect(await ensureSocketDirectory(long)).toBe(directory);
  expect(await ensureSocketDirectory(`${long}y`)).not.toBe(directory);
  await rm(directory, { recursive: true });
});
