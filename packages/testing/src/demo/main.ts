/** `npm run demo`: the whole of Reelhouse in under a minute, in a folder of its own. Exit code 0 only if all is equal. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Reelhouse, startReelhouse } from "../harness/reelhouse.ts";
import { ratioOf } from "./progress.ts";
import { makeScreen, megabytes, type Screen } from "./screen.ts";
import { chooseSourceTree, copySourceTree, type SourceTree } from "./source-tree.ts";
import { BACKUP_TAPE, type Outcome, play } from "./story.ts";

const SOURCE_BYTES = 100_000_000;
/** Small, so that a demo of 100 MB has many segments, and a cache that cannot hold them all. */
const SETTINGS = {
  REELHOUSE_SEGMENT_BYTES_MAX: "4MiB",
  REELHOUSE_CACHE_BYTES_MAX: "32MiB",
};

const placesOf = ({ atTheEnd }: Outcome): string => {
  const counts = new Map<string, number>();
  for (const { place } of atTheEnd.segments) counts.set(place, (counts.get(place) ?? 0) + 1);
  return [...counts].map(([place, count]) => `${count} in ${place}`).join(", ");
};

const summary = (screen: Screen, tree: SourceTree, outcome: Outcome, dataDir: string): void => {
  const { comparison, store, afterEviction, atTheEnd } = outcome;
  const equal = comparison.differences.length === 0;
  screen.line("\n== What happened, and where each byte lies");
  screen.table([
    [
      "source",
      `${comparison.files} files, ${comparison.links} links, ${megabytes(comparison.bytes)} in ${tree.root}`,
    ],
    ["tape", `${BACKUP_TAPE}: ${outcome.tapeBlocks} blocks, ${megabytes(outcome.tapeBytes)}`],
    [
      "bucket",
      `${store.objects} objects, ${megabytes(store.bytes)}, compressed ${ratioOf(atTheEnd)}, then AES-256-GCM`,
    ],
    ["keys", `one data key a tape, wrapped by KMS key ${atTheEnd.tape.kmsKeyId ?? "?"}`],
    [
      "evicted",
      `${megabytes(afterEviction.evictedBytes)} were in the bucket alone before the restore`,
    ],
    ["segments now", `${placesOf(outcome)} (cache: ${join(dataDir, "media", BACKUP_TAPE)})`],
    [
      "restored",
      equal ? "every file equal, byte for byte" : `${comparison.differences.length} DIFFERENCES`,
    ],
    ["ciphertext", store.faults.length === 0 ? "every object" : `${store.faults.length} FAULTS`],
    ...screen.times.map(([title, seconds]) => [`${seconds.toFixed(1)} s`, title] as const),
  ]);
};

const run = async (screen: Screen, workDir: string, started: (it: Reelhouse) => void) => {
  const tree = await screen.step("Choose what to back up", async () => {
    const chosen = chooseSourceTree(SOURCE_BYTES);
    const folder = join(workDir, "source");
    screen.line(
      `   ${chosen.paths.length} files of this project, ${megabytes(chosen.bytes)}, as they are now,`,
    );
    screen.line(`   copied to ${folder}`);
    return copySourceTree(chosen, folder);
  });
  const dataDir = join(workDir, "data");
  const reelhouse = await screen.step("Start Reelhouse, all of it, with a store of its own", () =>
    startReelhouse({
      dataDir,
      settings: SETTINGS,
      onLine: (text) => screen.line(`   | ${text}`),
    }),
  );
  started(reelhouse);
  const outcome = await play({ reelhouse, screen, tree, workDir });
  await screen.step("Stop", async () => {
    const code = await reelhouse.stop();
    if (code !== 0) throw new Error(`Reelhouse stopped with exit code ${code}`);
  });
  summary(screen, tree, outcome, dataDir);
  return outcome.comparison.differences.length === 0 && outcome.store.faults.length === 0;
};

const main = async (): Promise<number> => {
  const screen = makeScreen(process.stdout);
  const workDir = mkdtempSync(join(tmpdir(), "reelhouse-demo-"));
  const begun = performance.now();
  let reelhouse: Reelhouse | undefined;
  const interrupted = () => {
    screen.line("\nstopping");
    // The launcher is told by the harness when this process exits.
    process.exit(130);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const equal = await run(screen, workDir, (it) => {
      reelhouse = it;
    });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    screen.line(`\n${equal ? "All equal" : "NOT EQUAL"}, in ${seconds} s.`);
    if (equal) rmSync(workDir, { recursive: true, force: true });
    else screen.line(`Left for you to look at: ${workDir}`);
    return equal ? 0 : 1;
  } catch (error) {
    screen.line(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    screen.line(`Left for you to look at: ${workDir}`);
    await reelhouse?.stop().catch((fault: unknown) => screen.line(String(fault)));
    return 1;
  }
};

process.exit(await main());
