/** Alerts and dashboard: that what they ask for is counted by some service, and that Grafana can load them. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const rules = read("infra/prometheus/rules.yml");
const dashboardText = read("infra/grafana/dashboards/reelhouse.json");
const sources = globSync(["services/*/src/**/*.ts", "packages/service-kit/src/**/*.ts"], {
  cwd: root,
})
  .filter((file) => !file.endsWith(".test.ts"))
  .map(read)
  .join("\n");

/** Every metric of ours: its name, and what it says of itself. */
const counted = new Map(
  [...sources.matchAll(/\b(?:counter|tally|gauge|histogram)\(\s*"([a-z_]+)",\s*"([^"]+)"/g)].map(
    ([, name = "", help = ""]) => [name, help] as const,
  ),
);

const metricsIn = (text: string) => [
  ...new Set(
    [...text.matchAll(/\breelhouse_([a-z_]+)/g)].map(([, name = ""]) =>
      name.replace(/_(bucket|count|sum)$/, ""),
    ),
  ),
];

test.each([
  ["the alerts", rules],
  ["the dashboard", dashboardText],
])("%s → ask for metrics that are there", (_what, text) => {
  const asked = metricsIn(text);
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((name) => !sources.includes(`"${name}"`))).toEqual([]);
});

test("docs/metrics.md → has a row for each metric that is counted, in its own words, and no other", () => {
  const rows = [
    ...read("docs/metrics.md").matchAll(/^\| `reelhouse_([a-z_]+)` +\|[^|]*\| (.+?) +\|$/gm),
  ];
  const documented = new Map(rows.map(([, name = "", help = ""]) => [name, help]));
  expect(counted.size).toBeGreaterThan(30);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(counted));
});

test("each alert → says what it means and what to do", () => {
  const alerts = rules.split("- alert: ").slice(1);
  expect(alerts.length).toBeGreaterThan(5);
  for (const alert of alerts) {
    expect(alert).toMatch(/severity: (warning|critical)/);
    expect(alert).toMatch(/summary: ./);
    expect(alert).toMatch(/description: ./);
  }
});

const panel = z.object({
  id: z.int(),
  title: z.string().min(1),
  datasource: z.object({ uid: z.literal("prometheus") }),
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string().min(1) }) }),
  targets: z.array(z.object({ expr: z.string().min(1), legendFormat: z.string().min(1) })).min(1),
});
const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int(),
  panels: z.array(panel).min(10),
});

test("the dashboard → has panels with units, each with a place of its own, on the provisioned source", () => {
  const { panels } = dashboard.parse(JSON.parse(dashboardText));
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(read("infra/grafana/provisioning/datasources/prometheus.yml")).toContain(
    "uid: prometheus",
  );
});
