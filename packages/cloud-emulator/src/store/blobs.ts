/** Objects' bytes: one file each under a random name, never rewritten; durable before anything refers to it. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";

const READ_BYTES = 1024 * 1024;

export interface BlobRange {
  readonly offset: number;
  readonly byteLength: number;
}

export interface Blobs {
  /** Writes and syncs file and folder; resolves with the id. Removes the file if `source` fails. */
  create(source: AsyncIterable<Buffer>): Promise<string>;
  /** The bytes stay readable after `remove`: the file is opened before this resolves. */
  read(id: string, range: BlobRange): Promise<AsyncIterable<Buffer>>;
  remove(id: string): Promise<void>;
  /** At start: removes what no row refers to (uploads cut by a crash). */
  sweep(isKnown: (id: string) => boolean): void;
}

const writeAll = async (file: FileHandle, bytes: Buffer): Promise<void> => {
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
};

async function* readRange(file: FileHandle, range: BlobRange): AsyncGenerator<Buffer> {
  try {
    const end = range.offset + range.byteLength;
    for (let position = range.offset; position < end;) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw new Error("a blob is shorter than its row says");
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export const openBlobs = (directory: string): Blobs => {
  const folder = (id: string) => join(directory, id.slice(0, 2));
  const path = (id: string) => join(folder(id), id);
  for (let prefix = 0; prefix < 256; prefix += 1)
    mkdirSync(folder(prefix.toString(16).padStart(2, "0")), { recursive: true });
  return {
    async create(source) {
      const id = randomBytes(16).toString("hex");
      try {
        const file = await open(path(id), "wx", 0o600);
        try {
          for await (const chunk of source) await writeAll(file, chunk);
          await file.datasync();
        } finally {
          await file.close();
        }
        await using parent = await open(folder(id), "r");
        await parent.sync();
        return id;
      } catch (error) {
        await rm(path(id), { force: true });
        throw error;
      }
    },
    read: async (id, range) => readRange(await open(path(id), "r"), range),
    remove: (id) => rm(path(id), { force: true }),
    sweep(isKnown) {
      for (const prefix of readdirSync(directory))
        for (const id of readdirSync(join(directory, prefix)))
          if (!isKnown(id)) rmSync(path(id), { force: true });
    },
  };
};
