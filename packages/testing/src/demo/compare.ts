/** Compares a restored tree with its source: every file's bytes and mode, every link's target. */
import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { SourceTree } from "./source-tree.ts";

export interface Comparison {
  readonly files: number;
  readonly links: number;
  readonly bytes: number;
  /** What differs, one line each; empty when all is equal. */
  readonly differences: readonly string[];
}

interface Fingerprint {
  readonly kind: "file" | "link";
  readonly mode: number;
  readonly size: number;
  readonly modifiedSeconds: number;
  /** SHA-256 of a file, target of a link. */
  readonly content: string;
}

const PERMISSIONS = 0o777;

const fingerprint = (path: string): Fingerprint => {
  const stats = lstatSync(path);
  const link = stats.isSymbolicLink();
  return {
    kind: link ? "link" : "file",
    mode: stats.mode & PERMISSIONS,
    size: stats.size,
    modifiedSeconds: link ? 0 : Math.floor(stats.mtimeMs / 1000),
    content: link
      ? readlinkSync(path)
      : createHash("sha256").update(readFileSync(path)).digest("hex"),
  };
};

const differenceOf = (source: Fingerprint, restored: Fingerprint): string | undefined =>
  (["kind", "size", "content", "mode", "modifiedSeconds"] as const)
    .filter((field) => source[field] !== restored[field])
    .map((field) => `${field} ${source[field]} became ${restored[field]}`)
    .join(", ") || undefined;

/** Looks at every path of the tree in both places. A path that is missing in the copy is a difference. */
export const compareTrees = (tree: SourceTree, restoredRoot: string): Comparison => {
  const differences: string[] = [];
  const counts = { file: 0, link: 0 };
  let bytes = 0;
  for (const path of tree.paths) {
    const source = fingerprint(join(tree.root, path));
    counts[source.kind] += 1;
    bytes += source.kind === "file" ? source.size : 0;
    try {
      const difference = differenceOf(source, fingerprint(join(restoredRoot, path)));
      if (difference !== undefined) differences.push(`${path}: ${difference}`);
    } catch (error) {
      differences.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { files: counts.file, links: counts.link, bytes, differences };
};
