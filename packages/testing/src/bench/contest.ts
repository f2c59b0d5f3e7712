/**
 * Runs every shape against every target, in turns and several times, and keeps the median: whatever else the machine
 * does meanwhile hits all targets alike.
 */
import type { Tape } from "../tape.ts";
import { runRoundTrips, runStream, type Shape, type StreamResult } from "./workload.ts";

export interface Contestant {
  readonly name: string;
  readonly tape: Tape;
}

export interface Measured {
  readonly streams: ReadonlyMap<Shape, StreamResult>;
  readonly roundTrip: { readonly medianUs: number; readonly p99Us: number };
}

export const TURNS = 3;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
};

const medianOf = <T extends { readonly [K in keyof T]: number }>(
  results: readonly T[],
  fields: readonly (keyof T)[],
) => fields.map((field) => median(results.map((result) => result[field])));

const mergeStreams = (results: readonly StreamResult[]): StreamResult => {
  const [blocks = 0, write = 0, durable = 0, read = 0] = medianOf(results, [
    "blocks",
    "writeBytesPerSecond",
    "durableBytesPerSecond",
    "readBytesPerSecond",
  ]);
  return {
    blocks,
    writeBytesPerSecond: write,
    durableBytesPerSecond: durable,
    readBytesPerSecond: read,
  };
};

/** `act` for every contestant, `TURNS` times, the order turned around each time. */
const inTurns = async <T>(
  contestants: readonly Contestant[],
  act: (tape: Tape) => Promise<T>,
): Promise<Map<Contestant, T[]>> => {
  const results = new Map<Contestant, T[]>(contestants.map((contestant) => [contestant, []]));
  for (let turn = 0; turn < TURNS; turn += 1) {
    const order = turn % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) results.get(contestant)?.push(await act(contestant.tape));
  }
  return results;
};

/** The medians of each contestant, in their order. `told` hears of each shape when it is done. */
export const contest = async (
  contestants: readonly Contestant[],
  shapes: readonly Shape[],
  told: (contestant: Contestant, shape: Shape, result: StreamResult) => void,
): Promise<Measured[]> => {
  const trips = await inTurns(contestants, runRoundTrips);
  const streams = new Map(contestants.map((one) => [one, new Map<Shape, StreamResult>()]));
  for (const shape of shapes) {
    const results = await inTurns(contestants, (tape) => runStream(tape, shape));
    for (const [contestant, runs] of results) {
      const merged = mergeStreams(runs);
      streams.get(contestant)?.set(shape, merged);
      told(contestant, shape, merged);
    }
  }
  return contestants.map((contestant) => {
    const [medianUs = 0, p99Us = 0] = medianOf(trips.get(contestant) ?? [], ["medianUs", "p99Us"]);
    return { streams: streams.get(contestant) ?? new Map(), roundTrip: { medianUs, p99Us } };
  });
};
