/** docker-compose.yml, .env.example and the tables of settings: that they say the same. */
import { readFileSync } from "node:fs";
import { KNOWN_SETTINGS, type SettingRow } from "@reelhouse/service-kit";
import { expect, test } from "vitest";
import { DEPLOYMENT_SETTINGS, SETTLED } from "./deployment-settings.ts";

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
const compose = read("docker-compose.yml");
const example = read(".env.example");

const known = Object.entries<SettingRow>(KNOWN_SETTINGS);
const rows: Readonly<Record<string, { readonly default: string | null }>> = {
  ...KNOWN_SETTINGS,
  ...DEPLOYMENT_SETTINGS,
};
const names = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))].sort();
/** What an operator may choose: compose takes it from .env. */
const chosen = names(compose, /\$\{((?:REELHOUSE|AWS)_[A-Z0-9_]+)/g);
const explained = names(example, /^#?((?:REELHOUSE|AWS)_[A-Z0-9_]+)=/gm);

test("every setting of a service → is given to it by compose, or may be chosen", () => {
  const given = names(compose, /^ +((?:REELHOUSE|AWS)_[A-Z0-9_]+?)(?:_FILE)?: /gm);
  const expected = known.map(([name]) => name.replace(/_FILE$/, ""));
  expect(expected.filter((name) => !given.includes(name))).toEqual([]);
});

test("what may be chosen → is in .env.example, and nothing else is", () => {
  expect(explained).toEqual(chosen);
});

test("each setting → either may be chosen or is settled", () => {
  const either = [...chosen, ...Object.keys(SETTLED)].sort();
  expect(either).toEqual(
    [...known.map(([name]) => name), ...Object.keys(DEPLOYMENT_SETTINGS)].sort(),
  );
});

test("a default in .env.example → is the table's", () => {
  const shown = [...example.matchAll(/^#((?:REELHOUSE|AWS)_[A-Z0-9_]+)=(\S+)$/gm)];
  expect(shown.length).toBeGreaterThan(10);
  for (const [, name = "", value] of shown) {
    // A path that an operator chooses has no default to show.
    if (name === "REELHOUSE_AWS_CREDENTIALS_FILE" || name === "REELHOUSE_ISCSI_ACCESS_FILE")
      continue;
    expect([name, value]).toEqual([name, rows[name]?.default]);
  }
});

test("a default in compose → is the table's", () => {
  const shown = [...compose.matchAll(/\$\{(REELHOUSE_[A-Z0-9_]+):-([^$}]+)\}/g)];
  expect(shown.length).toBeGreaterThan(8);
  // No file of credentials, in compose's words.
  const none = new Set(["/dev/null"]);
  for (const [, name = "", value = ""] of shown)
    expect([name, none.has(value) ? null : value]).toEqual([name, rows[name]?.default]);
});

test("the image's pnpm → is the repository's", () => {
  const version = /ARG PNPM_VERSION=(\S+)/.exec(read("infra/Dockerfile"))?.[1];
  expect(read("package.json")).toContain(`"packageManager": "pnpm@${version}"`);
});
