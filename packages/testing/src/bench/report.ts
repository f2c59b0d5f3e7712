/** What the bench found, as tables: bytes per second of every shape, and how long one command takes when it is alone. */
import { TURNS, type Measured } from "./contest.ts";
import { blockName, formatTable, megabytesPerSecond, microseconds, ratio } from "./table.ts";
import type { Shape, StreamResult, Trip } from "./workload.ts";

const streamRows = (
  shapes: readonly Shape[],
  ours: Measured,
  theirs: Measured | undefined,
): string[][] =>
  shapes.flatMap((shape) => {
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

const tripRow = (name: string, our: Trip, their: Trip | undefined): string[] => [
  name,
  microseconds(our.medianUs),
  their === undefined ? "-" : microseconds(their.medianUs),
  ratio(our.medianUs, their?.medianUs),
  microseconds(our.p99Us),
  their === undefined ? "-" : microseconds(their.p99Us),
  ratio(our.p99Us, their?.p99Us),
];

const tripRows = (
  shapes: readonly Shape[],
  ours: Measured,
  theirs: Measured | undefined,
): string[][] => [
  tripRow("TEST UNIT READY", ours.idleTrip, theirs?.idleTrip),
  ...shapes.flatMap((shape) => {
    const our = ours.streams.get(shape);
    if (our === undefined || shape.depth !== 1) return [];
    const their = theirs?.streams.get(shape);
    const block = blockName(shape.blockBytes);
    return [
      tripRow(`WRITE(6) ${block}`, our.writeTrip, their?.writeTrip),
      tripRow(`READ(6) ${block}`, our.readTrip, their?.readTrip),
    ];
  }),
];

/** The lines that end the bench. */
export const reportLines = (
  shapes: readonly Shape[],
  ours: Measured,
  theirs: Measured | undefined,
): string[] => [
  "",
  ...formatTable(
    ["MB/s (more is better)", "write", "tgt", "", "+ filemark", "tgt", "", "read", "tgt", ""],
    streamRows(shapes, ours, theirs),
  ),
  "",
  ...formatTable(
    ["us (less is better)", "median", "tgt", "", "99 of 100", "tgt", ""],
    tripRows(shapes, ours, theirs),
  ),
  "",
  `Each number is the median of ${TURNS} runs, taken in turns with the other target, after a run that is not counted.`,
  "The load generator is the same TypeScript initiator for both targets, and takes its share of the CPU in both.",
  '"+ filemark" ends with WRITE FILEMARKS, IMMED 0: ours then has all on stable storage; tgt does not fsync.',
  "The uploader stood still during the runs (SIGSTOP), since tgt has none.",
];
