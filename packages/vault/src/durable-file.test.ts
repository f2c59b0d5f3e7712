import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeDurably } from "./durable-file.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "reelhouse-durable-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it("filled → the file, and what the filling answered", async () => {
  const path = join(directory, "file");
  const answer = await writeDurably(path, async (write) => {
    await write(Buffer.from("one "));
    await write(Buffer.from("two"));
    // Nobody sees it before it is whole.
    expect(await readdir(directory)).toEqual([expect.stringMatching(/^file\..*\.partial$/)]);
    return 7;
  });
  expect(answer).toBe(7);
  expect(await readFile(path, "utf8")).toBe("one two");
  expect(await readdir(directory)).toEqual(["file"]);
});

it("filling fails → the old file stays, and nothing else", async () => {
  const path = join(directory, "file");
  await writeDurably(path, (write) => write(Buffer.from("old")));
  const failing = writeDurably(path, async (write) => {
    await write(Buffer.from("new"));
    throw new Error("fails");
  });
  await expect(failing).rejects.toThrow("fails");
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(directory)).toEqual(["file"]);
});

it("no such folder → what the file system says", async () => {
  const path = join(directory, "missing", "file");
  await expect(writeDurably(path, async () => {})).rejects.toMatchObject({ code: "ENOENT" });
});
