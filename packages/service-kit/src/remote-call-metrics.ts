/** Counts the calls of services that are not ours (S3, KMS), and says once when this machine's clock is not theirs. */
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** One call with its retries, as whoever made it tells. */
export interface RemoteCall {
  readonly api: string;
  readonly operation: string;
  /** "ok", or the kind of error. */
  readonly outcome: string;
  readonly seconds: number;
  readonly retries: number;
  /** Our clock minus theirs; undefined where nobody answered. */
  readonly clockAheadSeconds: number | undefined;
}

/** AWS takes a quarter of an hour; well before that somebody should look. An answer's way is far below. */
const clockAheadSecondsMax = 60;

const watchClock = (logger: Logger, metrics: Metrics) => {
  const ahead = metrics.gauge(
    "remote_clock_ahead_seconds",
    "This machine's clock minus that of S3 or KMS, at their last answer.",
    ["api"],
  );
  const complained = new Set<string>();
  return (api: string, aheadSeconds: number): void => {
    ahead.set({ api }, aheadSeconds);
    const off = Math.abs(aheadSeconds) > clockAheadSecondsMax;
    if (off === complained.has(api)) return;
    const line = { event: "clock-skew", api, aheadSeconds };
    if (off) {
      complained.add(api);
      const size = `${Math.abs(aheadSeconds)} s ${aheadSeconds > 0 ? "ahead of" : "behind"}`;
      logger.warn(line, `this machine's clock is ${size} that of ${api}: set the clock (NTP)`);
    } else {
      complained.delete(api);
      logger.info(line, `this machine's clock is that of ${api} again`);
    }
  };
};

/** To be told of each call. */
export const createRemoteCallMetrics = (
  logger: Logger,
  metrics: Metrics,
): ((call: RemoteCall) => void) => {
  const calls = metrics.counter(
    "remote_calls_total",
    "Calls of S3 and KMS, retries included in one, by outcome: ok, or the kind of error.",
    ["api", "operation", "outcome"],
  );
  const retries = metrics.counter(
    "remote_call_retries_total",
    "Attempts of calls of S3 and KMS beyond the first.",
    ["api", "operation"],
  );
  const seconds = metrics.histogram(
    "remote_call_seconds",
    "Time of calls of S3 and KMS until they answered, retries included, the reading of a body not.",
    ["api", "operation"],
  );
  const clock = watchClock(logger, metrics);
  return ({ api, operation, outcome, clockAheadSeconds, ...call }) => {
    calls.inc({ api, operation, outcome });
    retries.inc({ api, operation }, call.retries);
    seconds.observe({ api, operation }, call.seconds);
    if (clockAheadSeconds !== undefined) clock(api, clockAheadSeconds);
  };
};
