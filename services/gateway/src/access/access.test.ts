import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAccess } from "./access.ts";
import { discovery } from "./rules.ts";
import type { Rule, Rules } from "./rules.ts";
import { openRulesFile } from "./rules-file.ts";

const drive = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
const host = "iqn.2026-11.org.example:backup";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "access-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const changed: string[] = [];
beforeEach(() => void changed.splice(0));
const open = async (fixed: Rules = new Map()) =>
  openAccess({
    fixed,
    file: await openRulesFile(directory),
    targetNames: () => [drive, `${drive}2`],
    changed: (subjects) => changed.push(...subjects),
  });

const rule = (over: Partial<Rule> = {}): Rule => ({
  initiators: null,
  severalInitiators: false,
  credentials: [
    {
      initiatorName: null,
      chapName: "backup",
      secret: "secret-of-the-host",
      target: { chapName: "drive", secret: "secret-of-the-drive" },
    },
  ],
  ...over,
});
const claim = (initiatorName = host) =>
  ({ sessionType: "Normal", initiatorName, targetName: drive }) as const;
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

test("no rule → everybody may, nothing to prove, one initiator at a time", async () => {
  const { authenticator, rule: found } = await open();
  expect(found(drive).source).toBe("default");
  expect(authenticator.credentials(claim())).toBeUndefined();
  expect(authenticator.mayUse(host, drive)).toBe(true);
  expect(authenticator.exclusive(drive)).toBe(true);
});

test("a rule → holds at once and after a restart, and the file has no secret in it", async () => {
  const access = await open();
  expect(await access.change(drive, rule({ initiators: [host.toUpperCase()] }))).toBe("changed");
  expect(changed).toEqual([drive]);
  for (const { authenticator } of [access, await open()]) {
    const asked = authenticator.credentials(claim());
    expect(text(asked?.initiatorSecret("backup"))).toBe("secret-of-the-host");
    expect(asked?.initiatorSecret("Backup")).toBeUndefined();
    expect(text(asked?.target?.secret)).toBe("secret-of-the-drive");
    expect(authenticator.mayUse(host, drive.toUpperCase())).toBe(true);
    expect(authenticator.mayUse(`${host}2`, drive)).toBe(false);
  }
  const file = path.join(directory, "access.json");
  const kept = await readFile(file, "utf8");
  expect(kept).toContain("backup");
  expect(kept).not.toMatch(/secret-of-the/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.join(directory, "access-key"))).mode & 0o777).toBe(0o600);
});

test("the same rule again → unchanged, and nobody is asked to leave", async () => {
  const access = await open();
  await access.change(drive, rule());
  expect(await access.change(drive, rule())).toBe("unchanged");
  expect(changed).toEqual([drive]);
});

test("an initiator's own credential → holds instead of everybody's; a stranger is asked for proof all the same", async () => {
  const access = await open();
  const own = { initiatorName: host, chapName: "own", secret: "secret-of-its-own", target: null };
  await access.change(drive, rule({ credentials: [own] }));
  const { authenticator } = access;
  expect(text(authenticator.credentials(claim())?.initiatorSecret("own"))).toBe(own.secret);
  const stranger = authenticator.credentials(claim("iqn.2026-11.org.example:other"));
  expect(stranger).toBeDefined();
  expect(stranger?.initiatorSecret("own")).toBeUndefined();
});

test("discovery that names a target → is asked for discovery's proof, not for the target's", async () => {
  const access = await open();
  await access.change(discovery, rule({ credentials: rule().credentials }));
  const asked = access.authenticator.credentials({ ...claim(), sessionType: "Discovery" });
  expect(text(asked?.initiatorSecret("backup"))).toBe("secret-of-the-host");
});

test("a secret that proves an initiator here and a target there → refused, and nothing is changed", async () => {
  const access = await open();
  await access.change(drive, rule());
  const other = rule({
    credentials: [
      { initiatorName: null, chapName: "x", secret: "secret-of-the-drive", target: null },
    ],
  });
  expect(await access.change(discovery, other)).toBe("secretReused");
  expect(access.rule(discovery).source).toBe("default");
});

test("what the access file names → cannot be changed", async () => {
  const access = await open(new Map([["*", rule()]]));
  expect(access.rule(drive).source).toBe("file");
  expect(await access.change(drive, undefined)).toBe("inFile");
  expect(await access.change(discovery, rule({ credentials: [] }))).toBe("changed");
});

test("another access file → the subjects whose rules are others by it leave, and what it leaves out is the API's again", async () => {
  const access = await open(new Map([[drive, rule()]]));
  await access.change(`${drive}2`, rule());
  changed.splice(0);
  expect(await access.replaceFixed(new Map([[drive, rule()]]))).toEqual([]);
  const allowed = rule({ initiators: [host] });
  expect(await access.replaceFixed(new Map([["*", allowed]]))).toEqual([drive, `${drive}2`]);
  expect(access.rule(`${drive}2`)).toEqual({ rule: allowed, source: "file" });
  expect(await access.replaceFixed(new Map([[discovery, rule()]]))).toEqual([
    discovery,
    drive,
    `${drive}2`,
  ]);
  expect(access.rule(`${drive}2`)).toEqual({ rule: rule(), source: "api" });
  expect(access.rule(drive).source).toBe("default");
  expect(changed).toEqual([drive, `${drive}2`, discovery, drive, `${drive}2`]);
});

test("secrets put in one another's place, or another key → the start stops and says which files", async () => {
  const access = await open();
  await access.change(drive, rule());
  const file = path.join(directory, "access.json");
  const kept = await readFile(file, "utf8");
  const [own = "", target = ""] = [...kept.matchAll(/"sealedSecret": "([^"]+)"/g)].map(
    ([, sealed]) => sealed,
  );
  await writeFile(file, kept.replace(own, target));
  await expect(open()).rejects.toThrow(/access rules in .*access\.json cannot be read/);
  await writeFile(file, kept);
  await rm(path.join(directory, "access-key"));
  await expect(open()).rejects.toThrow(/access-key/);
});
