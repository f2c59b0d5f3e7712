/** Counters for paths on which `Counter.inc` is dear: numbers to add to, read at the scrape. */
import { Counter, type CounterConfiguration } from "prom-client";

/** One sample, as a number to add to. */
export interface Tally {
  value: number;
}

/** Makes the counter; each call of what it gives makes a sample, so its caller keeps what it gets. */
export const newTally = <Label extends string>(configuration: CounterConfiguration<Label>) => {
  const samples: { readonly labels: Readonly<Record<Label, string>>; readonly tally: Tally }[] = [];
  const counter: Counter<Label> = new Counter({
    ...configuration,
    collect() {
      counter.reset();
      for (const { labels, tally } of samples) counter.inc({ ...labels }, tally.value);
    },
  });
  return (labels: Readonly<Record<Label, string>>): Tally => {
    const tally: Tally = { value: 0 };
    samples.push({ labels, tally });
    return tally;
  };
};
