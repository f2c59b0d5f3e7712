/** Choosing, tarring through blocks, extracting and comparing, on a small tree of its own. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf } from "./blocks.ts";
import { compareTrees } from "./compare.ts";
import { chooseSourceTree, copySourceTree } from "./source-tree.ts";
import { createTar, extractTar } from "./tar.ts";

const work = mkdtempSync(join(tmpdir(), "reelhouse-trees-"));
const root = join(work, "source");
const copy = join(work, "copy");

const put = (path: string, content: string | Buffer, mode = 0o644) => {
  const full = join(root, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, content, { mode });
};

beforeAll(() => {
  put("packages/b/src/run.sh", "#!/bin/sh\n", 0o755);
  put("packages/a/one.txt", "one");
  put("packages/a/node_modules/left-out.txt", "x");
  put("node_modules/.pnpm/big@1/big.bin", Buffer.alloc(300_000, 5));
  put("node_modules/.pnpm/zzz@1/last.txt", "after the size is reached");
  symlinkSync("one.txt", join(root, "packages/a/link"));
  symlinkSync("../a", join(root, "packages/b/folder"));
  mkdirSync(copy);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const tree = () => chooseSourceTree(1_200_000, root);

test("a tree → own folders first, by name, dependencies of packages left out", () => {
  expect(tree().paths).toEqual([
    "packages/a/link",
    "packages/a/one.txt",
    "packages/b/folder",
    "packages/b/src/run.sh",
    "node_modules/.pnpm/big@1/big.bin",
    "node_modules/.pnpm/zzz@1/last.txt",
  ]);
});

test("size reached → no further files", () => {
  expect(chooseSourceTree(20, root).paths).not.toContain("node_modules/.pnpm/zzz@1/last.txt");
});

test("tar, blocks, tar → equal; then every kind of difference is told", async () => {
  const made = createTar(tree(), join(work, "list"));
  const target = extractTar(copy);
  const lengths: number[] = [];
  for await (const block of blocksOf(made.stream, 64 * 1024)) {
    lengths.push(block.length);
    target.stream.write(block);
  }
  target.stream.end();
  await Promise.all([made.ended, target.ended]);
  expect(new Set(lengths.slice(0, -1))).toEqual(new Set([64 * 1024]));
  expect(compareTrees(tree(), copy)).toMatchObject({ files: 4, links: 2, differences: [] });

  writeFileSync(join(copy, "packages/a/one.txt"), "two");
  chmodSync(join(copy, "packages/b/src/run.sh"), 0o600);
  rmSync(join(copy, "packages/a/link"));
  const told = compareTrees(tree(), copy).differences.join("\n");
  expect(told).toMatch(/one\.txt: content/);
  expect(told).toMatch(/run\.sh: mode 493 became 384/);
  expect(told).toMatch(/link: ENOENT/);
});

test("a copied tree → equal to what it was copied from", () => {
  const copied = copySourceTree(tree(), join(work, "copied"));
  expect(compareTrees(tree(), copied.root)).toMatchObject({ files: 4, links: 2, differences: [] });
});

test("tar fails → its message", async () => {
  const gone = { root, paths: ["no/such/file"], bytes: 0 };
  const made = createTar(gone, join(work, "list"));
  made.stream.resume();
  await expect(made.ended).rejects.toThrow(/no\/such\/file/);
});
