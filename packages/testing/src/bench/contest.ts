/**
 * Runs every shape against every target, in turns and several times, and keeps the median: whatever else the machine
 * does meanwhile hits all targets alike.
 */
import type { Tape } from "../tape.ts";
import { runRoundTrips, runStream, type Shape, type StreamResult, type Trip } from "./workload.ts";

export interface Contestant {
  readonly name: string;
  readonly tape: Tape;
}

export interface Measured {
  readonly streams: ReadonlyMap<Shape, StreamResult>;
  /** Of TEST UNIT READY. */
  readonly idleTrip: Trip;
}

export const TURNS = 3;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
};

const mergeTrips = (trips: readonly Trip[]): Trip => ({
  medianUs: median(trips.map((trip) => trip.medianUs)),
  p99Us: median(trips.map((trip) => trip.p99Us)),
});

const mergeStreams = (results: readonly StreamResult[]): StreamResult => ({
  blocks: median(results.map((result) => result.blocks)),
  writeBytesPerSecond: median(results.map((result) => result.writeBytesPerSecond)),
  durableBytesPerSecond: median(results.map((result) => result.durableBytesPerSecond)),
  readBytesPerSecond: median(results.map((result) => result.readBytesPerSecond)),
  writeTrip: mergeTrips(results.map((result) => result.writeTrip)),
  readTrip: mergeTrips(results.map((result) => result.readTrip)),
});

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

/** Both sides run compiled code from here on, as after the first seconds of a backup. */
const warmUp = async (contestants: readonly Contestant[], shapes: readonly Shape[]) => {
  for (const { tape } of contestants) {
    await runRoundTrips(tape);
    for (const shape of shapes) await runStream(tape, shape);
  }
};

/** The medians of each contestant, in their order. `told` hears of each shape when it is done. */
export const contest = async (
  contestants: readonly Contestant[],
  shapes: readonly Shape[],
  told: (contestant: Contestant, shape: Shape, result: StreamResult) => void,
): Promise<Measured[]> => {
  await warmUp(contestants, shapes);
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
  return contestants.map((contestant) => ({
    streams: streams.get(contestant) ?? new Map(),
    idleTrip: mergeTrips(trips.get(contestant) ?? []),
  }));
};
