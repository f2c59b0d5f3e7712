/** The access file while the gateway runs: written in place, by rename and by link, half and with faults. */
import { mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createMetrics } from "@reelhouse/service-kit";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readAccessFile } from "./access-file.ts";
import { fingerprintOf, watchAccessFile } from "./access-file-watch.ts";
import type { AccessFileWatch } from "./access-file-watch.ts";
import type { Rules } from "./rules.ts";

const drive = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
const host = "iqn.2026-11.org.example:backup";
const rulesText = (initiators: readonly string[] | null) =>
  JSON.stringify({ targets: { [drive]: { initiators } } });

let directory: string;
let file: string;
let metrics: Metrics;
/** What the watch handed on, and what it logged. */
let applied: Rules[];
let lines: { event: string; faults?: readonly string[] }[];
let targetNames: string[];
let nowMs: number;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "access-watch-"));
  file = path.join(directory, "access.json");
  await write(file, rulesText(null));
  metrics = createMetrics("gateway");
  [applied, lines, targetNames, nowMs] = [[], [], [drive], 0];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (to: string, content: string) => writeFile(to, content, { mode: 0o600 });

const log = (line: (typeof lines)[number]) => void lines.push(line);

const watch = async (): Promise<AccessFileWatch> => {
  const seen = await fingerprintOf(file);
  return watchAccessFile(seen, {
    file,
    read: () => readAccessFile(file, targetNames),
    access: {
      replaceFixed: async (rules) => {
        applied.push(rules);
        return [...rules.keys()];
      },
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two methods that are used
    logger: { info: log, error: log } as unknown as Logger,
    metrics,
    now: () => new Date(nowMs),
  });
};
const look = async (watched: AccessFileWatch, times = 2) => {
  for (let looked = 0; looked < times; looked += 1) await watched.look();
};
const faultsCounted = async () =>
  /iscsi_access_file_faults\{[^}]*\} (\d+)/.exec(await metrics.render())?.[1];
const initiatorsApplied = () => applied.at(-1)?.get(drive)?.initiators;

test("an unchanged file → never read again", async () => {
  const watched = await watch();
  await look(watched, 40);
  expect([applied, lines]).toEqual([[], []]);
  expect(await faultsCounted()).toBe("0");
});

test("changed before the first look → read, for the fingerprint is older than the rules", async () => {
  const watched = await watch();
  nowMs = 5000;
  await write(file, rulesText([host]));
  await look(watched);
  expect(initiatorsApplied()).toEqual([host]);
  expect(lines).toMatchObject([{ event: "access.file-read", subjects: [drive] }]);
  expect(watched.state).toEqual({ faults: [], readAt: new Date(5000) });
});

test("another file by that name of the same length and time → read", async () => {
  const watched = await watch();
  const next = path.join(directory, "next.json");
  await write(next, rulesText([]).padEnd(rulesText(null).length));
  await utimes(next, new Date(0), new Date(0));
  await utimes(file, new Date(0), new Date(0));
  await look(watched);
  await rename(next, file);
  await look(watched);
  expect(initiatorsApplied()).toEqual([]);
});

test("a link that points elsewhere, as Kubernetes changes a volume → read", async () => {
  const [one, other] = [path.join(directory, "one"), path.join(directory, "other")];
  await write(one, rulesText(null));
  await write(other, rulesText([host]));
  await rm(file);
  await symlink(one, file);
  const watched = await watch();
  await symlink(other, `${file}.new`);
  await rename(`${file}.new`, file);
  await look(watched);
  expect(initiatorsApplied()).toEqual([host]);
});

test("a file that grows from look to look → read when it stands still", async () => {
  const watched = await watch();
  const whole = rulesText([host]);
  for (const length of [0, 10, whole.length - 1, whole.length]) {
    await write(file, whole.slice(0, length));
    await watched.look();
    expect([applied.length, lines.length]).toEqual([0, 0]);
  }
  await watched.look();
  expect(initiatorsApplied()).toEqual([host]);
});

test("a faulty file → rules of before hold, all faults told once and counted, no secret; mended → its rules hold", async () => {
  const watched = await watch();
  const credentials = [{ chapName: "a b", secret: "s3cret-word" }];
  await write(file, JSON.stringify({ targets: { [drive]: { credentials, initiator: [] } } }));
  await look(watched, 40);
  expect(applied).toEqual([]);
  expect(lines).toMatchObject([{ event: "access.file-faulty" }]);
  expect(lines[0]?.faults?.length).toBe(3);
  expect(await faultsCounted()).toBe("3");
  expect(watched.state.faults).toEqual(lines[0]?.faults);
  expect(JSON.stringify([lines, watched.state])).not.toContain("s3cret");
  await write(file, rulesText([host]));
  await look(watched);
  expect(initiatorsApplied()).toEqual([host]);
  expect([watched.state.faults, await faultsCounted()]).toEqual([[], "0"]);
});

test("a file that is gone → rules of before hold, told once", async () => {
  const watched = await watch();
  await rm(file);
  await look(watched, 40);
  expect(applied).toEqual([]);
  expect(lines.map(({ faults }) => faults)).toEqual([[expect.stringMatching(/ENOENT/)]]);
});

test("a file that names a target that comes later → holds some looks after it has come", async () => {
  const watched = await watch();
  targetNames = [];
  await write(file, rulesText([host]));
  await look(watched);
  expect(watched.state.faults).toEqual([expect.stringMatching(/no target of this gateway/)]);
  targetNames = [drive];
  await look(watched, 15);
  expect(initiatorsApplied()).toEqual([host]);
});
