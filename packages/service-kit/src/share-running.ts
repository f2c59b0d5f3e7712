/** One answer for all who ask at once: the gauges of a scrape that come from one measurement. */
export const shareRunning = <Value>(measure: () => Promise<Value>): (() => Promise<Value>) => {
  let running: Promise<Value> | undefined;
  return () => {
    running ??= measure().finally(() => {
      running = undefined;
    });
    return running;
  };
};
