/** Tallies as a scrape sees them. */
import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

test("numbers added to → every scrape gives the sums so far, once", async () => {
  const metrics = createMetrics("test");
  const commands = metrics.tally("commands_total", "Commands.", ["device"]);
  const first = commands({ device: "a" });
  commands({ device: "b" });
  first.value += 2;
  const lines = async () =>
    (await metrics.render()).split("\n").filter((line) => line.startsWith("reelhouse_commands"));
  expect(await lines()).toEqual([
    'reelhouse_commands_total{device="a",service="test"} 2',
    'reelhouse_commands_total{device="b",service="test"} 0',
  ]);
  first.value += 3;
  expect((await lines())[0]).toMatch(/ 5$/);
});
