/** Secrets: made once, laid for their users alone, replaced when they change, taken away when they are gone. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { emulatorProfile } from "./emulator-profile.ts";
import { giveFolder, laySecret } from "./owned-files.ts";
import { keepSecrets, secretFiles } from "./secrets.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "rh-init-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const uid = process.getuid?.() ?? 0;

test("secrets → made once, all different, 256 bits, mode 600", async () => {
  const made = await keepSecrets(root);
  expect(await keepSecrets(root)).toEqual(made);
  expect(new Set(Object.values(made)).size).toBe(5);
  for (const value of Object.values(made)) expect(value).toMatch(/^[\w-]{43}$/);
  expect(statSync(path.join(root, "service-token")).mode & 0o777).toBe(0o600);
});

test("a container's volume → holds no secret that only others need", async () => {
  const made = await keepSecrets(root);
  const files = secretFiles(made, { awsCredentials: "", iscsiAccess: "" });
  const textIn = (volume: string) =>
    files.flatMap((file) => (file.volume === volume ? [file.text ?? ""] : [])).join("\n");
  expect(textIn("uploader-secrets")).not.toContain(made["service-token"]);
  expect(textIn("gateway-secrets")).not.toContain(made["postgres-password"]);
  expect(textIn("inventory-secrets")).not.toContain(made["redis-password"]);
  expect(textIn("gateway-secrets")).toContain(made["redis-password"]);
});

test("a secret → laid, left alone while right, replaced when changed, removed when gone", async () => {
  mkdirSync(path.join(root, "v"));
  await giveFolder(path.join(root, "v"), uid);
  const file = path.join(root, "v", "s");
  const lay = (text: string | null) => laySecret(root, { volume: "v", name: "s", uid, text });
  await lay("one");
  const { ino, mode } = statSync(file);
  expect(mode & 0o777).toBe(0o600);
  await lay("one\n");
  expect(statSync(file).ino).toBe(ino);
  await lay("two");
  expect(readFileSync(file, "utf8")).toBe("two\n");
  await lay(null);
  expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  expect(statSync(path.join(root, "v")).mode & 0o777).toBe(0o700);
});

test("the emulator's credentials → as the SDKs read them", () => {
  const json = JSON.stringify({ accessKeyId: "A".repeat(20), secretAccessKey: "s".repeat(40) });
  expect(emulatorProfile(json).split("\n")).toEqual([
    "[default]",
    `aws_access_key_id = ${"A".repeat(20)}`,
    `aws_secret_access_key = ${"s".repeat(40)}`,
  ]);
});
