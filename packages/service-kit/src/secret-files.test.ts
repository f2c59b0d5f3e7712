/** Secrets by file: what is read, and what an operator is told when it cannot be. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, loadConfig } from "./config.ts";
import { queueUrl } from "./settings.ts";

const folder = mkdtempSync(path.join(tmpdir(), "rh-kit-secret-"));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({ queueUrl });
const fileWith = (text: string, name = "secret") => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, 0o600);
  return file;
};
const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
  }
  return [];
};

test("a secret setting's file → its contents, without the line's end", () => {
  const file = fileWith("redis://:hunter2@redis:6379\n");
  expect(loadConfig(schema, { REELHOUSE_QUEUE_URL_FILE: file })).toEqual({
    queueUrl: "redis://:hunter2@redis:6379",
  });
});

test.each([
  ["absent", path.join(folder, "absent"), "cannot be read (ENOENT). To fix: make it"],
  ["a folder", folder, "is not a file"],
  ["empty", fileWith("\n", "empty"), "is empty. To fix: write the value into it"],
  ["huge", fileWith("x".repeat(20_000), "huge"), "has 20000 bytes, too many for a secret"],
])("a file that is %s → the one fault, naming the file and a remedy", (_what, file, text) => {
  const faults = faultsOf({ REELHOUSE_QUEUE_URL_FILE: file });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`REELHOUSE_QUEUE_URL_FILE: ${file} ${text}`);
});

test("file and value both → a fault: nobody knows which is meant", () => {
  const [fault] = faultsOf({
    REELHOUSE_QUEUE_URL: "redis://a",
    REELHOUSE_QUEUE_URL_FILE: fileWith("redis://b"),
  });
  expect(fault).toContain("REELHOUSE_QUEUE_URL is set, too");
});

test("contents of the wrong form → a fault that does not show them", () => {
  const [fault] = faultsOf({ REELHOUSE_QUEUE_URL_FILE: fileWith("mysql://:hunter2@h", "wrong") });
  expect(fault).toContain("is not a postgresql or redis URL");
  expect(fault).not.toContain("hunter2");
});

test("a file for a setting that is no secret → there is no such setting", () => {
  const [fault] = faultsOf({ REELHOUSE_QUEUE_URL: "redis://a", REELHOUSE_DATA_DIR_FILE: "/x" });
  expect(fault).toContain("REELHOUSE_DATA_DIR_FILE: there is no such setting");
});

test("another service's secret → its file is not read", () => {
  expect(
    faultsOf({ REELHOUSE_QUEUE_URL: "redis://a", REELHOUSE_DATABASE_URL_FILE: "/absent" }),
  ).toEqual([]);
});
