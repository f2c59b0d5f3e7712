/**
 * Tests only: a disk in memory that can lose power, be full or fail. What was not synced when the power goes may be
 * there, be missing, or be there in part, each write and each name on its own, as on a real disk.
 */
import { createHash } from "node:crypto";
import { crc32cOf } from "./bytes.ts";
import type { Disk, DiskFile } from "./disk.ts";

type Change =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly bytes: number };

interface FileNode {
  readonly type: "file";
  content: Buffer;
  durable: Buffer;
  pending: Change[];
  /** A sync failed: what it should have stored can be read, and no later sync stores it, as Linux has it. */
  forgetful: boolean;
}
interface FolderNode {
  readonly type: "folder";
  names: Map<string, Node>;
  durable: Map<string, Node>;
  pending: ((names: Map<string, Node>) => void)[];
}
type Node = FileNode | FolderNode;

const sectorBytes = 512;

const newFile = (content: Buffer = Buffer.alloc(0)): FileNode => ({
  type: "file",
  content,
  durable: Buffer.from(content),
  pending: [],
  forgetful: false,
});
const newFolder = (names = new Map<string, Node>()): FolderNode => ({
  type: "folder",
  names,
  durable: new Map(names),
  pending: [],
});

const applyChange = (content: Buffer, change: Change): Buffer => {
  if (change.kind === "truncate") {
    const next = Buffer.alloc(change.bytes);
    content.copy(next, 0, 0, change.bytes);
    return next;
  }
  const end = change.position + change.bytes.length;
  let next = content;
  if (end > content.length) {
    next = Buffer.alloc(end);
    content.copy(next);
  }
  change.bytes.copy(next, change.position);
  return next;
};

const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: simulated`), { code });

/** Called before each operation with its name and path; may throw. */
export type Interference = (operation: string, path: string) => void;

export class CrashDisk implements Disk {
  interfere: Interference = () => undefined;
  /** Operations so far. */
  operations = 0;
  /** The operation at which the power goes: it is half done, and every later one fails. */
  crashAt = Infinity;
  readonly #root: FolderNode;

  constructor(root: FolderNode = newFolder()) {
    this.#root = root;
  }

  /** The disk as it is found after the power is back. `random` gives numbers in [0, 1). */
  afterCrash(random: () => number): CrashDisk {
    const survive = (node: Node): Node => {
      if (node.type === "file") {
        let content: Buffer = Buffer.from(node.durable);
        for (const change of node.pending) content = this.#tear(content, change, random);
        return newFile(content);
      }
      const names = new Map(node.durable);
      for (const change of node.pending) if (random() < 0.5) change(names);
      for (const [name, child] of names) names.set(name, survive(child));
      return newFolder(names);
    };
    const root = survive(this.#root);
    return new CrashDisk(root.type === "folder" ? root : newFolder());
  }

  /** The disk as the next process finds it when this one was killed: all that was written is there, and as unsynced as before. */
  afterKill(): CrashDisk {
    return new CrashDisk(this.#root);
  }

  /** The bytes as a reader sees them now. */
  contentOf(path: string): Buffer {
    return this.#file(path).content;
  }

  open(path: string, mode: "read" | "write" | "create"): Promise<DiskFile> {
    return this.#operate("open", path, () => {
      const [folder, name] = this.#place(path);
      let node = folder.names.get(name);
      if (node === undefined && mode === "create") {
        const made = newFile();
        this.#rename(folder, (names) => names.set(name, made));
        node = made;
      }
      if (node === undefined || node.type !== "file") throw systemError("ENOENT");
      if (mode === "create") this.#change(node, { kind: "truncate", bytes: 0 });
      return this.#handle(path, node);
    });
  }

  readFile(path: string): Promise<Buffer> {
    return this.#operate("readFile", path, () => Buffer.from(this.#file(path).content));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#operate("rename", from, () => {
      const [folder, name] = this.#place(from);
      const [, toName] = this.#place(to);
      const node = folder.names.get(name);
      if (node === undefined) throw systemError("ENOENT");
      this.#rename(folder, (names) => {
        names.delete(name);
        names.set(toName, node);
      });
    });
  }

  unlink(path: string): Promise<void> {
    return this.#operate("unlink", path, () => {
      this.#file(path);
      const [folder, name] = this.#place(path);
      this.#rename(folder, (names) => names.delete(name));
    });
  }

  mkdir(path: string): Promise<void> {
    return this.#operate("mkdir", path, () => {
      let folder = this.#root;
      for (const name of path.split("/").filter((part) => part !== "")) {
        let next = folder.names.get(name);
        if (next === undefined) {
          const made = newFolder();
          this.#rename(folder, (names) => names.set(name, made));
          next = made;
        }
        if (next.type !== "folder") throw systemError("ENOTDIR");
        folder = next;
      }
    });
  }

  readdir(path: string): Promise<string[]> {
    return this.#operate("readdir", path, () => [...this.#folder(path).names.keys()]);
  }

  removeTree(path: string): Promise<void> {
    return this.#operate("removeTree", path, () => {
      const [folder, name] = this.#place(path);
      if (folder.names.has(name)) this.#rename(folder, (names) => names.delete(name));
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.#operate("syncDirectory", path, () => {
      const folder = this.#folder(path);
      folder.durable = new Map(folder.names);
      folder.pending = [];
    });
  }

  #handle(path: string, node: FileNode): DiskFile {
    return {
      writev: (buffers, position) =>
        this.#operate("writev", path, () => {
          this.#change(node, { kind: "write", position, bytes: Buffer.concat(buffers) });
        }),
      read: (buffer, position) =>
        this.#operate("read", path, () => {
          const end = Math.min(node.content.length, position + buffer.byteLength);
          if (position >= end) return 0;
          buffer.set(node.content.subarray(position, end));
          return end - position;
        }),
      checksums: (byteLength, tailBytes) =>
        this.#operate("checksums", path, () => {
          const content = node.content.subarray(0, byteLength);
          if (content.length < byteLength) throw new Error("it is too short");
          const sha256 = createHash("sha256").update(content).digest("hex");
          return { sha256, headCrc32c: crc32cOf([content.subarray(0, byteLength - tailBytes)]) };
        }),
      datasync: () => this.#datasync(path, node),
      truncate: (bytes) =>
        this.#operate("truncate", path, () => this.#change(node, { kind: "truncate", bytes })),
      size: () => this.#operate("size", path, () => node.content.length),
      close: () => Promise.resolve(),
    };
  }

  async #datasync(path: string, node: FileNode): Promise<void> {
    let interfered = true;
    try {
      await this.#operate("datasync", path, () => {
        interfered = false;
        node.durable = node.forgetful
          ? node.pending.reduce(applyChange, node.durable)
          : Buffer.from(node.content);
        node.pending = [];
      });
    } catch (error) {
      if (interfered && this.operations < this.crashAt) {
        node.forgetful = true;
        node.pending = [];
      }
      throw error;
    }
  }

  /** Every operation takes a turn of the event loop, as a real one does. */
  async #operate<T>(operation: string, path: string, work: () => T): Promise<T> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.operations += 1;
    if (this.operations > this.crashAt) throw new Error("the power is gone");
    this.interfere(operation, path);
    const result = work();
    if (this.operations === this.crashAt) throw new Error("the power goes");
    return result;
  }

  #change(node: FileNode, change: Change): void {
    node.content = applyChange(node.content, change);
    node.pending.push(change);
  }

  #rename(folder: FolderNode, change: (names: Map<string, Node>) => void): void {
    change(folder.names);
    folder.pending.push(change);
  }

  /** All of it, none of it, or some of its sectors. */
  #tear(content: Buffer, change: Change, random: () => number): Buffer {
    const luck = random();
    if (luck < 0.35) return content;
    if (luck < 0.7 || change.kind === "truncate") return applyChange(content, change);
    let torn = content;
    for (let at = 0; at < change.bytes.length; at += sectorBytes) {
      if (random() < 0.5) continue;
      const bytes = change.bytes.subarray(at, at + sectorBytes);
      torn = applyChange(torn, { kind: "write", position: change.position + at, bytes });
    }
    return torn;
  }

  #place(path: string): [FolderNode, string] {
    const at = path.lastIndexOf("/");
    return [this.#folder(path.slice(0, at)), path.slice(at + 1)];
  }

  #folder(path: string): FolderNode {
    let folder = this.#root;
    for (const name of path.split("/").filter((part) => part !== "")) {
      const next = folder.names.get(name);
      if (next?.type !== "folder") throw systemError("ENOENT");
      folder = next;
    }
    return folder;
  }

  #file(path: string): FileNode {
    const [folder, name] = this.#place(path);
    const node = folder.names.get(name);
    if (node?.type !== "file") throw systemError("ENOENT");
    return node;
  }
}
