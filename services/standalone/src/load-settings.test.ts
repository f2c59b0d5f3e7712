/** Settings that the launcher makes itself: faults, beside all others and without a value. */
import { ConfigError, KNOWN_SETTINGS } from "@reelhouse/service-kit";
import { expect, test } from "vitest";
import { loadSettings, SETTLED_BY_LAUNCHER } from "./load-settings.ts";

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

test("a queue's and a database's URL, by value or by a file → a fault each, without the value", () => {
  const faults = faultsOf({
    REELHOUSE_DATABASE_URL: "postgresql://:hunter2@h/r",
    REELHOUSE_QUEUE_URL_FILE: "/no/such/file",
  });
  expect(faults).toHaveLength(2);
  expect(faults[0]).toMatch(/^REELHOUSE_DATABASE_URL: .*Postgres of its own.*unset it/);
  expect(faults[1]).toMatch(/^REELHOUSE_QUEUE_URL_FILE: .*Postgres of its own.*unset it/);
  expect(faults.join()).not.toContain("hunter2");
});

test("such a setting beside a wrong one → both, at once", () => {
  const faults = faultsOf({ REELHOUSE_INVENTORY_URL: "http://h:1", REELHOUSE_LOG_LEVEL: "loud" });
  expect(faults).toEqual([
    expect.stringMatching(/^REELHOUSE_LOG_LEVEL: /),
    expect.stringMatching(/^REELHOUSE_INVENTORY_URL: /),
  ]);
});

test("empty → as if unset", () => {
  expect(faultsOf({ REELHOUSE_QUEUE_URL: "", REELHOUSE_DATABASE_URL_FILE: "" })).toEqual([]);
});

test("every name of them → a setting of a service's, or the file that holds one", () => {
  const unknown = Object.keys(SETTLED_BY_LAUNCHER).filter(
    (name) => !(name in KNOWN_SETTINGS || name.replace(/_FILE$/, "") in KNOWN_SETTINGS),
  );
  expect(unknown).toEqual([]);
});
