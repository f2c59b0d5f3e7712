/** The real disk: node:fs/promises behind the Disk port. */
import { constants } from "node:fs";
import {
  type FileHandle,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  unlink,
} from "node:fs/promises";
import { ChecksumThread } from "./checksum-thread.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { writevBuffersMax } from "./limits.ts";

/** What is left of `buffers` after the first `bytes`. */
const rest = (buffers: readonly Uint8Array[], bytes: number): readonly Uint8Array[] => {
  let skip = bytes;
  let first = 0;
  while (first < buffers.length && skip >= (buffers[first]?.byteLength ?? 0)) {
    skip -= buffers[first]?.byteLength ?? 0;
    first += 1;
  }
  const left = buffers.slice(first);
  if (skip > 0 && left[0] !== undefined) left[0] = left[0].subarray(skip);
  return left;
};

const writeAll = async (
  handle: FileHandle,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<void> => {
  let left = buffers;
  let at = position;
  while (left.length > 0) {
    const some = left.length > writevBuffersMax ? left.slice(0, writevBuffersMax) : left;
    const { bytesWritten } = await handle.writev(some, at);
    at += bytesWritten;
    left = rest(left, bytesWritten);
  }
};

const readFully = async (handle: FileHandle, buffer: Uint8Array, position: number) => {
  let filled = 0;
  while (filled < buffer.byteLength) {
    const { bytesRead } = await handle.read(
      buffer,
      filled,
      buffer.byteLength - filled,
      position + filled,
    );
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
};

const fileOf = (handle: FileHandle, thread: ChecksumThread): DiskFile => ({
  writev: (buffers, position) => writeAll(handle, buffers, position),
  read: (buffer, position) => readFully(handle, buffer, position),
  checksums: (byteLength, tailBytes) => thread.checksums(handle.fd, byteLength, tailBytes),
  datasync: () => handle.datasync(),
  truncate: (bytes) => handle.truncate(bytes),
  size: async () => (await handle.stat()).size,
  close: () => handle.close(),
});

const flags = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
} as const;

const syncPath = async (path: string): Promise<void> => {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

export const nodeDisk = (): Disk => {
  const thread = new ChecksumThread();
  return {
    open: async (path, mode) => fileOf(await open(path, flags[mode], 0o640), thread),
    readFile: (path) => readFile(path),
    rename,
    unlink,
    mkdir: async (path) => {
      await mkdir(path, { recursive: true });
    },
    readdir: (path) => readdir(path),
    removeTree: (path) => rm(path, { recursive: true, force: true }),
    syncDirectory: syncPath,
  };
};
