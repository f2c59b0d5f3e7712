/** Prometheus metrics of one service: its own registry, names behind `reelhouse_`, the process's defaults included. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { newTally, type Tally } from "./tally.ts";

const namePrefix = "reelhouse_";

/** Seconds, from a cached read to a segment over a slow line. */
const secondsBuckets = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export interface Metrics {
  /** `name` without prefix, unit last (`uploaded_bytes_total`). */
  counter<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
  ): Counter<Label>;
  /**
   * A counter for what happens with every command: it adds to a number, and the numbers are read at the scrape, as
   * `inc` is dear there. Each call makes a sample, so its caller keeps what it gets.
   */
  tally<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): (values: Readonly<Record<Label, string>>) => Tally;
  gauge<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    /** Asked at each scrape, which waits for it. */
    collect?: (gauge: Gauge<Label>) => void | Promise<void>,
  ): Gauge<Label>;
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    buckets?: readonly number[],
  ): Histogram<Label>;
  readonly contentType: string;
  /** The exposition text. */
  render(): Promise<string>;
}

/** A registry whose every sample bears the label `service`. */
export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const base = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ) => ({
    name: namePrefix + name,
    help,
    labelNames,
    registers: [registry],
  });
  return {
    counter: (name, help, labels = []) => new Counter(base(name, help, labels)),
    tally: (name, help, labels) => newTally(base(name, help, labels)),
    gauge: (name, help, labels = [], collect) => {
      const configuration = base(name, help, labels);
      if (collect === undefined) return new Gauge(configuration);
      const gauge: Gauge<(typeof labels)[number]> = new Gauge({
        ...configuration,
        collect: () => collect(gauge),
      });
      return gauge;
    },
    histogram: (name, help, labels = [], buckets = secondsBuckets) =>
      new Histogram({ ...base(name, help, labels), buckets: [...buckets] }),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
};
