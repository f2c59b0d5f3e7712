/**
 * `npm run bench`: streaming and round trips against Reelhouse and, where it is installed, against Debian's tgt, in
 * one run, on one disk, with one load generator: this package's initiator, whose own cost is in every number.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { startReelhouse, type Reelhouse } from "../harness/reelhouse.ts";
import type { Tape } from "../tape.ts";
import { reportLines } from "./report.ts";
import { blockName, megabytesPerSecond } from "./table.ts";
import { reasonAgainstTgt, startTgt, type YardstickTarget } from "./tgt.ts";
import { contest, type Contestant } from "./contest.ts";
import type { Shape, StreamResult } from "./workload.ts";

const KIB = 1024;
const BLOCK_BYTES = [4 * KIB, 64 * KIB, 256 * KIB, KIB * KIB];
const DEPTHS = [1, 8];
const SHAPES: readonly Shape[] = BLOCK_BYTES.flatMap((blockBytes) =>
  DEPTHS.map((depth) => ({ blockBytes, depth })),
);
const TAPE = "RHS001L8";
const READY_MS = 60_000;

const say = (text: string) => process.stdout.write(`${text}\n`);

const ready = async (tape: Tape): Promise<Tape> => {
  await tape.waitUntilReady(READY_MS);
  await tape.setBlockLength(0);
  return tape;
};

/** Drive 1 with its cartridge. What uploads stands still from here on, as tgt has no such thing. */
const enterReelhouse = async (reelhouse: Reelhouse): Promise<Contestant> => {
  const changer = await reelhouse.openChanger();
  await changer.clearUnitAttentions();
  const [drive] = await changer.ofType("dataTransfer");
  await changer.load(TAPE, drive?.address);
  await changer.session.logout();
  reelhouse.kill("uploader", "SIGSTOP");
  return { name: "reelhouse", tape: await ready(await reelhouse.openDrive(1)) };
};

const enterTgt = async (folder: string): Promise<[Contestant, YardstickTarget] | undefined> => {
  const against = await reasonAgainstTgt();
  if (against !== undefined) {
    say(`no comparison: ${against}`);
    return undefined;
  }
  const tgt = await startTgt(folder);
  return [{ name: `tgt ${tgt.version}`, tape: await ready(await tgt.open()) }, tgt];
};

const tell = ({ name }: Contestant, { blockBytes, depth }: Shape, result: StreamResult): void => {
  const [write, durable, read] = [
    result.writeBytesPerSecond,
    result.durableBytesPerSecond,
    result.readBytesPerSecond,
  ].map(megabytesPerSecond);
  const shape = `${blockName(blockBytes)} depth ${depth}`;
  say(`  ${name}, ${shape}: write ${write}, with filemark ${durable}, read ${read} MB/s`);
};

const main = async (): Promise<void> => {
  const work = mkdtempSync(join(process.argv[2] ?? tmpdir(), "reelhouse-bench-"));
  say(
    `${cpus().length} CPUs (${cpus()[0]?.model.trim() ?? "?"}), Node ${process.version}, disk below ${work}`,
  );
  const reelhouse = await startReelhouse({ dataDir: join(work, "data") });
  let tgt: YardstickTarget | undefined;
  try {
    const yardstick = await enterTgt(join(work, "tgt"));
    tgt = yardstick?.[1];
    const own = await enterReelhouse(reelhouse);
    const contestants = yardstick === undefined ? [own] : [own, yardstick[0]];
    const [ours, theirs] = await contest(contestants, SHAPES, tell);
    if (ours !== undefined) for (const line of reportLines(SHAPES, ours, theirs)) say(line);
    for (const { tape } of contestants) await tape.session.logout();
    reelhouse.kill("uploader", "SIGCONT");
  } finally {
    await tgt?.stop();
    await reelhouse.stop();
    rmSync(work, { recursive: true, force: true });
  }
};

await main();
