/** The port to the disk: what the format needs of a file system, and no more, so that tests can crash it. */
import { AssertionError } from "node:assert/strict";

export interface FileChecksums {
  /** Of all bytes asked for, hexadecimal. */
  readonly sha256: string;
  /** CRC-32C of them without the tail. */
  readonly headCrc32c: number;
}

export interface DiskFile {
  /** Writes all of it or throws; how much is written when it throws is unknown. */
  writev(buffers: readonly Uint8Array[], position: number): Promise<void>;
  /** Fills `buffer` from `position`; fewer bytes only at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Of the first `byteLength` bytes, of which the last `tailBytes` are the tail. Rejects when the file has fewer. */
  checksums(byteLength: number, tailBytes: number): Promise<FileChecksums>;
  /** What was written to this file before is on stable storage when it resolves. */
  datasync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface Disk {
  /** `read` and `write` need the file; `create` makes it, or empties it. */
  open(path: string, mode: "read" | "write" | "create"): Promise<DiskFile>;
  readFile(path: string): Promise<Buffer>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** With parents; a folder that is there already is fine. */
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  removeTree(path: string): Promise<void>;
  /** Names made, renamed or removed in this folder before are on stable storage when it resolves. */
  syncDirectory(path: string): Promise<void>;
}

/** `code` of a system error ("ENOSPC", "ENOENT", ...), else the empty string. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

export const errorText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** No room: worth another try later, unlike every other fault. */
export const isFull = (error: unknown): boolean =>
  errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT";

/** A broken invariant is no disk error: it stops the process, because opening anew is the tested path. */
export const stopIfBroken = (error: unknown): void => {
  if (error instanceof AssertionError) throw error;
};
