/** Files that must be whole, private and durable. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFile, replaceFile } from "./atomic-file.ts";
import { ensureTokenFile, readTokenFile, sameToken } from "./tokens.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "rh-kit-"));
});
afterAll(() => rm(directory, { recursive: true }));

describe("tokens", () => {
  test("several processes at once → one token, mode 0600, nothing left over", async () => {
    const file = path.join(directory, "one", "token");
    const tokens = await Promise.all(
      Array.from({ length: 8 }, () => ensureTokenFile(file, "SETTING")),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^[\w-]{43}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(path.dirname(file))).toEqual(["token"]);
    expect(await ensureTokenFile(file, "SETTING")).toBe(tokens[0]);
  });

  test.each([
    ["empty", "\n", 0o600, /at least 16/],
    ["short", "abc\n", 0o600, /at least 16/],
    ["two words", "aaaaaaaaaaaaaaaa bbbbbbbbbbbbbbb", 0o600, /one token/],
    ["too long", "a".repeat(5000), 0o600, /too long/],
    ["open to others", "a".repeat(43), 0o640, /chmod 600/],
  ])(
    "a file that is %s → a fault that names the setting, not the token",
    async (name, text, mode, fault) => {
      const file = path.join(directory, name);
      await writeFile(file, text);
      await chmod(file, mode);
      await expect(readTokenFile(file, "REELHOUSE_X")).rejects.toThrow(fault);
      await expect(readTokenFile(file, "REELHOUSE_X")).rejects.toThrow(/REELHOUSE_X/);
      await expect(readTokenFile(file, "REELHOUSE_X")).rejects.not.toThrow(/aaaa/);
    },
  );

  test("no file → a fault with the system's code", async () => {
    await expect(readTokenFile(path.join(directory, "no"), "S")).rejects.toThrow(/ENOENT/);
  });

  test("tokens compared → equal only when they are", () => {
    expect(sameToken("abc", "abc")).toBe(true);
    expect(sameToken("abc", "abd")).toBe(false);
    expect(sameToken("abc", "abcd")).toBe(false);
  });
});

describe("atomic files", () => {
  test("replace → new contents, old mode argument honoured, no temporary left", async () => {
    const folder = path.join(directory, "replace");
    await mkdir(folder);
    const file = path.join(folder, "f");
    await replaceFile(file, "1");
    await replaceFile(file, "22", { mode: 0o600 });
    expect(await readFile(file, "utf8")).toBe("22");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["f"]);
  });

  test("create over something → false, the old contents stay", async () => {
    const file = path.join(directory, "create", "f");
    expect(await createFile(file, "1")).toBe(true);
    expect(await createFile(file, "2")).toBe(false);
    expect(await readFile(file, "utf8")).toBe("1");
    expect(await readdir(path.dirname(file))).toEqual(["f"]);
  });

  test("replace where a folder stands → rejected, no temporary left", async () => {
    const folder = path.join(directory, "blocked");
    await mkdir(path.join(folder, "f", "x"), { recursive: true });
    await expect(replaceFile(path.join(folder, "f"), "1")).rejects.toThrow(
      /EISDIR|ENOTEMPTY|EEXIST/,
    );
    expect(await readdir(folder)).toEqual(["f"]);
  });
});
