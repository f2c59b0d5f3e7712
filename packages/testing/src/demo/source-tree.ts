/** What the demo backs up: this project's own files and as many of its packages' as make up the size, in fixed order. */
import {
  cpSync,
  type Dirent,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export interface SourceTree {
  readonly root: string;
  /** Relative paths of files and symbolic links, in the order they are backed up. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

export const PROJECT_ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/** Our own folders first; `node_modules/.pnpm` has the rest. */
const OWN_FOLDERS = ["packages", "services", "docs", "infra", "acceptance"];
const PACKAGE_STORE = "node_modules/.pnpm";
/** Where things may change while the demo runs. */
const LEFT_OUT = new Set(["node_modules", "data", "data-demo", ".git", ".turbo", ".cache"]);

const sorted = (folder: string): Dirent[] => {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
};

/** Files and links below, depth first, by name. */
const walk = function* walk(folder: string, leaveOut: ReadonlySet<string>): Generator<string> {
  for (const entry of sorted(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !leaveOut.has(entry.name)) yield* walk(path, leaveOut);
    if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
};

const candidates = function* candidates(root: string): Generator<string> {
  for (const folder of OWN_FOLDERS) yield* walk(join(root, folder), LEFT_OUT);
  yield* walk(join(root, PACKAGE_STORE), new Set());
};

/** Near enough to the size wanted. */
const ENOUGH = 0.98;

/** Takes files until there are nearly `bytesWanted`, leaving out what would go past that or be most of it by itself. */
export const chooseSourceTree = (bytesWanted: number, root: string = PROJECT_ROOT): SourceTree => {
  const paths: string[] = [];
  let bytes = 0;
  const fileBytesMax = bytesWanted / 4;
  for (const path of candidates(root)) {
    const { size } = lstatSync(path);
    if (size > fileBytesMax || bytes + size > bytesWanted) continue;
    paths.push(relative(root, path));
    bytes += size;
    if (bytes >= bytesWanted * ENOUGH) break;
  }
  return { root, paths, bytes };
};

/** The same tree, copied below `folder`: nobody edits it while the demo looks at it. Modes, times and links are kept. */
export const copySourceTree = (tree: SourceTree, folder: string): SourceTree => {
  for (const path of tree.paths) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    const from = join(tree.root, path);
    if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else cpSync(from, to, { preserveTimestamps: true });
  }
  return { ...tree, root: folder };
};
