import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigError } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOpenToOthers, readAccessFile } from "./access-file.ts";

const drive = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "access-file-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const read = async (content: unknown, mode = 0o600) => {
  const file = path.join(directory, "access.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  await chmod(file, mode);
  return readAccessFile(file, [drive]);
};
const faultsOf = async (content: unknown, mode?: number): Promise<readonly string[]> => {
  const error: unknown = await read(content, mode).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw new Error(`no ConfigError: ${String(error)}`);
  return error.faults;
};
const credential = { chapName: "backup", secret: "a-secret-of-a-host" };

test("rules for a target in capitals, for all others and for discovery → by subject", async () => {
  const rules = await read({
    discovery: { credentials: [credential] },
    targets: { [drive.toUpperCase()]: { severalInitiators: true }, "*": {} },
  });
  expect([...rules.keys()].toSorted()).toEqual(["*", "discovery", drive]);
  expect(rules.get(drive)).toMatchObject({ initiators: null, severalInitiators: true });
});

test("several faults → all named at once, and no secret with them", async () => {
  const faults = await faultsOf({
    targets: {
      [drive]: {
        initiators: ["backup"],
        credentials: [
          { chapName: "a", secret: "short-s3cret".slice(1) },
          { chapName: "b b", secret: "x".repeat(256) },
        ],
        severalInitiator: true,
      },
    },
  });
  expect(faults.length).toBeGreaterThanOrEqual(5);
  const all = faults.join("\n");
  expect(all).toMatch(/initiators\.0 is no iSCSI name/);
  expect(all).toMatch(/credentials\.0\.secret must have 12 to 255 bytes/);
  expect(all).toMatch(/credentials\.1\.secret must have 12 to 255 bytes/);
  expect(all).toMatch(/severalInitiator/);
  expect(all).not.toContain("hort-s3cret");
});

test("no such target, and a secret used both ways → both named", async () => {
  const target = { chapName: "drive", secret: credential.secret };
  const other = { chapName: "other", secret: "another-secret-of-one", target };
  const faults = await faultsOf({
    targets: {
      "iqn.x:nobody": {},
      "*": { credentials: [credential].concat() },
      [drive]: { credentials: [other] },
    },
  });
  expect(faults.join("\n")).toMatch(/nobody is no target[\s\S]*proves an initiator, too/);
});

test.each([
  ["our own, 0600", 0o100600, 1000, false],
  ["our own, 0640", 0o100640, 1000, true],
  ["root's that our group reads, 0640", 0o100640, 0, false],
  ["root's that our group reads, 0440", 0o100440, 0, false],
  ["root's that our group may change, 0660", 0o100660, 0, true],
  ["root's, 0644", 0o100644, 0, true],
])("a file %s → open to others or not", (_what, mode, uid, isOpen) => {
  expect(isOpenToOthers({ mode, uid }, 1000)).toBe(isOpen);
});

test("a file that others may read, that is absent or no JSON → says so, and quotes nothing of it", async () => {
  expect(await faultsOf({}, 0o640)).toEqual([expect.stringMatching(/chmod 600/)]);
  const broken = await faultsOf(
    '{"discovery": {"credentials": [{"secret": "hidden-secret" "x"}]}}',
  );
  expect(broken).toEqual([expect.stringMatching(/is no JSON/)]);
  expect(broken.join("")).not.toContain("hidden");
  await expect(readAccessFile(path.join(directory, "none"), [])).rejects.toThrow(/ENOENT/);
});
