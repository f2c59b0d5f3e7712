/** One launcher a folder: locks of the living, of the dead, and of a pid that the system gave to somebody else. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { lockDataDirectory } from "./data-lock.ts";
import { identify, isAlive, outlast } from "./process-identity.ts";

const folders: string[] = [];
const sleepers: ChildProcess[] = [];
let folder = "";
const said: string[] = [];
const say = (line: string) => void said.push(line);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "rh-lock-"));
  folders.push(folder);
  said.length = 0;
});
afterEach(() => {
  for (const sleeper of sleepers.splice(0)) sleeper.kill("SIGKILL");
});
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true }))));

const sleeper = async (script = "setTimeout(() => {}, 60_000)") => {
  const child = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  sleepers.push(child);
  await once(child, "spawn");
  return child.pid ?? 0;
};
const writeLock = (launcher: unknown, children: unknown = {}) =>
  writeFile(path.join(folder, "reelhouse.lock"), JSON.stringify({ launcher, children }));

test("a free folder → locked, children noted, freed again", async () => {
  const lock = await lockDataDirectory(folder, say);
  const pid = await sleeper();
  await lock.setChild("gateway", pid);
  const contents: unknown = JSON.parse(await readFile(lock.file, "utf8"));
  expect(contents).toMatchObject({
    launcher: { pid: process.pid },
    children: { gateway: { pid } },
  });
  await lock.setChild("gateway", null);
  expect(await readFile(lock.file, "utf8")).not.toContain("gateway");
  await lock.release();
  await (await lockDataDirectory(folder, say)).release();
});

test("the folder thrown away and taken by another → that one's lock stays as it is", async () => {
  const lock = await lockDataDirectory(folder, say);
  await writeLock({ pid: 4_194_303, started: "boot:1" });
  await lock.setChild("gateway", await sleeper());
  await lock.release();
  expect(await readFile(lock.file, "utf8")).toContain("4194303");
});

test("a launcher that lives → refused, with its pid and what to do", async () => {
  const pid = await sleeper();
  await writeLock(await identify(pid));
  await expect(lockDataDirectory(folder, say)).rejects.toThrow(
    `(pid ${pid}). To fix: stop that one`,
  );
});

test("a launcher that died → its lock is taken over", async () => {
  await writeLock({ pid: 4_194_303, started: "boot:1" });
  const lock = await lockDataDirectory(folder, say);
  expect(await readFile(lock.file, "utf8")).toContain(`"pid":${process.pid}`);
});

test("its pid now belongs to another process → taken over all the same", async () => {
  const pid = await sleeper();
  const { started } = await identify(pid);
  await writeLock({ pid, started: `${started}9` });
  await lockDataDirectory(folder, say);
  expect(await isAlive(await identify(pid))).toBe(true);
});

test("a lock cut off by a power cut → taken over", async () => {
  await writeFile(path.join(folder, "reelhouse.lock"), '{"launcher":');
  const lock = await lockDataDirectory(folder, say);
  expect(await readFile(lock.file, "utf8")).toContain(`"pid":${process.pid}`);
});

test("orphans that end by themselves → waited for, and said so", async () => {
  const pid = await sleeper("setTimeout(() => {}, 400)");
  await writeLock({ pid: 4_194_303, started: "boot:1" }, { gateway: await identify(pid) });
  await lockDataDirectory(folder, say);
  expect(said.join()).toContain("gateway of an earlier start still runs");
  expect(said.join()).not.toContain("killed");
});

test("a process that does not end in time → killed", async () => {
  const identity = await identify(await sleeper());
  expect(await outlast(identity, 60)).toBe("killed");
  expect(await isAlive(identity)).toBe(false);
});
