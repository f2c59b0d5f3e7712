/** The system's `tar`, as a stream to read from and one to write to. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { SourceTree } from "./source-tree.ts";

export interface TarRun<S> {
  readonly stream: S;
  /** Resolves when tar ended well. Throws Error with what it said otherwise. */
  readonly ended: Promise<void>;
}

const endOf = async (child: ChildProcess, what: string): Promise<void> => {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${what} ended with ${String(code)}: ${said.slice(0, 2000)}`);
};

/** `tar -c` of the tree to its standard output; the list of paths goes by `listPath`. */
export const createTar = (tree: SourceTree, listPath: string): TarRun<Readable> => {
  writeFileSync(listPath, tree.paths.join("\0"));
  const list = ["--null", "--no-recursion", "--files-from", listPath];
  const child = spawn("tar", ["-c", "-f", "-", "-C", tree.root, ...list], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { stream: child.stdout, ended: endOf(child, "tar -c") };
};

/** `tar -x` from its standard input into `folder`. */
export const extractTar = (folder: string): TarRun<Writable> => {
  const child = spawn("tar", ["-x", "-p", "-f", "-", "-C", folder], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  return { stream: child.stdin, ended: endOf(child, "tar -x") };
};
