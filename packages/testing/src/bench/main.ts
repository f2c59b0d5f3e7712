/**
 * `npm run bench`: streaming and round trips against Reelhouse and, where it is installed, against Debian's tgt, in
 * one run, on one disk, with one load generator: this package's initiator, whose own cost is in every number.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { startReelhouse, type Reelhouse } from "../harness/reelhouse.ts";
import type { Tape } from "../tape.ts";
import { blockName, formatTable, megabytesPerSecond, ratio } from "./table.ts";
import { reasonAgainstTgt, startTgt, type YardstickTarget } from "./tgt.ts";
import { runRoundTrips, runStream, type Shape, type StreamResult } from "./workload.ts";

const KIB = 1024;
const BLOCK_BYTES = [4 * KIB, 64 * KIB, 256 * KIB, KIB * KIB];
const DEPTHS = [1, 8];
const SHAPES: readonly Shape[] = BLOCK_BYTES.flatMap((blockBytes) =>
  DEPTHS.map((depth) => ({ blockBytes, depth })),
);
const TAPE = "RHS001L8";
const READY_MS = 60_000;

const say = (text: string) => process.stdout.write(`${text}\n`);

interface Measured {
  readonly streams: ReadonlyMap<Shape, StreamResult>;
  readonly roundTrip: { readonly medianUs: number; readonly p99Us: number };
}

const measure = async (name: string, tape: Tape): Promise<Measured> => {
  await tape.waitUntilReady(READY_MS);
  await tape.setBlockLength(0);
  const roundTrip = await runRoundTrips(tape);
  const streams = new Map<Shape, StreamResult>();
  for (const shape of SHAPES) {
    const result = await runStream(tape, shape);
    streams.set(shape, result);
    const [write, durable, read] = [
      result.writeBytesPerSecond,
      result.durableBytesPerSecond,
      result.readBytesPerSecond,
    ].map(megabytesPerSecond);
    say(
      `  ${name} ${blockName(shape.blockBytes)} depth ${shape.depth}: write ${write}, with filemark ${durable}, read ${read} MB/s`,
    );
  }
  await tape.session.logout();
  return { streams, roundTrip };
};

/** Our target alone: what uploads is stopped, as it is on tgt's side, and goes on afterwards. */
const measureReelhouse = async (reelhouse: Reelhouse): Promise<Measured> => {
  const changer = await reelhouse.openChanger();
  await changer.clearUnitAttentions();
  const [drive] = await changer.ofType("dataTransfer");
  await changer.load(TAPE, drive?.address);
  reelhouse.kill("uploader", "SIGSTOP");
  try {
    return await measure("reelhouse", await reelhouse.openDrive(1));
  } finally {
    reelhouse.kill("uploader", "SIGCONT");
    await changer.session.logout();
  }
};

const rows = (ours: Measured, theirs: Measured | undefined): string[][] =>
  SHAPES.flatMap((shape) => {
    const our = ours.streams.get(shape);
    if (our === undefined) return [];
    const their = theirs?.streams.get(shape);
    const pair = (pick: (result: StreamResult) => number): string[] => {
      const yardstick = their && pick(their);
      return [
        megabytesPerSecond(pick(our)),
        yardstick === undefined ? "-" : megabytesPerSecond(yardstick),
        ratio(pick(our), yardstick),
      ];
    };
    return [
      [
        `${blockName(shape.blockBytes)}, depth ${shape.depth}`,
        ...pair((result) => result.writeBytesPerSecond),
        ...pair((result) => result.durableBytesPerSecond),
        ...pair((result) => result.readBytesPerSecond),
      ],
    ];
  });

const report = (ours: Measured, theirs: Measured | undefined): void => {
  const head = ["MB/s", "write", "tgt", "", "+ filemark", "tgt", "", "read", "tgt", ""];
  say("");
  for (const line of formatTable(head, rows(ours, theirs))) say(line);
  const trip = ({ medianUs, p99Us }: Measured["roundTrip"]) =>
    `median ${medianUs.toFixed(0)} us, 99th percentile ${p99Us.toFixed(0)} us`;
  say(`\nTEST UNIT READY round trip: ${trip(ours.roundTrip)}`);
  if (theirs !== undefined) say(`              tgt the same: ${trip(theirs.roundTrip)}`);
  say(
    "\nThe load generator is the same TypeScript initiator for both targets, and takes its share of the CPU in both.",
  );
  say(
    '"+ filemark" ends with WRITE FILEMARKS, IMMED 0: ours then has all on stable storage; tgt does not fsync.',
  );
  say("The uploader stood still during the runs (SIGSTOP), since tgt has none.");
};

const measureTgt = async (folder: string): Promise<Measured | undefined> => {
  const against = await reasonAgainstTgt();
  if (against !== undefined) {
    say(`no comparison: ${against}`);
    return undefined;
  }
  const tgt: YardstickTarget = await startTgt(folder);
  say(`tgt ${tgt.version}`);
  try {
    return await measure("tgt", await tgt.open());
  } finally {
    await tgt.stop();
  }
};

const main = async (): Promise<void> => {
  const work = mkdtempSync(join(process.argv[2] ?? tmpdir(), "reelhouse-bench-"));
  say(
    `${cpus().length} CPUs (${cpus()[0]?.model.trim() ?? "?"}), Node ${process.version}, disk below ${work}`,
  );
  const reelhouse = await startReelhouse({ dataDir: join(work, "data") });
  try {
    const theirs = await measureTgt(join(work, "tgt"));
    const ours = await measureReelhouse(reelhouse);
    report(ours, theirs);
  } finally {
    await reelhouse.stop();
    rmSync(work, { recursive: true, force: true });
  }
};

await main();
