/** Calls of S3 and KMS as metrics, and the log line about a clock that is off. */
import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { createRemoteCallMetrics, type RemoteCall } from "./remote-call-metrics.ts";

const open = () => {
  const lines: string[] = [];
  const logger = createLogger("test", "info", { write: (line) => void lines.push(line) });
  const metrics = createMetrics("test");
  const told = createRemoteCallMetrics(logger, metrics);
  const base = { api: "s3", operation: "PutObject", outcome: "ok", seconds: 0.3, retries: 0 };
  const tell = (call: Partial<RemoteCall>) => told({ clockAheadSeconds: 0, ...base, ...call });
  return { lines, tell, render: () => metrics.render() };
};

test("calls → counted by operation and outcome, with retries and times", async () => {
  const { tell, render } = open();
  tell({});
  tell({ retries: 2, seconds: 3 });
  tell({ outcome: "STORE_UNAVAILABLE", retries: 2, clockAheadSeconds: undefined });
  const text = await render();
  const labels = 'api="s3",operation="PutObject"';
  expect(text).toContain(`reelhouse_remote_calls_total{${labels},outcome="ok",service="test"} 2\n`);
  expect(text).toContain(`${labels},outcome="STORE_UNAVAILABLE",service="test"} 1\n`);
  expect(text).toContain(`reelhouse_remote_call_retries_total{${labels},service="test"} 4\n`);
  expect(text).toMatch(/reelhouse_remote_call_seconds_bucket\{le="0.5",.*\} 2\n/);
});

test("a clock an hour off → the gauge, one warning with the remedy; set right → one line more", async () => {
  const { lines, tell, render } = open();
  tell({ clockAheadSeconds: 3600 });
  tell({ clockAheadSeconds: 3601 });
  tell({ clockAheadSeconds: undefined });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("3600 s ahead of that of s3: set the clock");
  expect(await render()).toContain(
    'reelhouse_remote_clock_ahead_seconds{api="s3",service="test"} 3601\n',
  );
  tell({ clockAheadSeconds: -1 });
  tell({ clockAheadSeconds: -1 });
  expect(lines).toHaveLength(2);
  tell({ clockAheadSeconds: -61 });
  expect(lines[2]).toContain("61 s behind that of s3");
});
