/** The real disk's checksums: made in a thread, of the bytes asked for. */
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { crc32cOf } from "./bytes.ts";
import { ChecksumThread } from "./checksum-thread.ts";

const content = Buffer.alloc(2_500_000).map((_, at) => (at * 31) % 251);
const thread = new ChecksumThread();
let folder: string;
let fd: number;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "medium-checksums-"));
  const path = join(folder, "a.segment");
  writeFileSync(path, content);
  fd = openSync(path, "r");
});
afterAll(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

test.each([
  [2_500_000, 128],
  [2_097_153, 2],
  [128, 128],
])(
  "%i bytes, %i of them the tail → SHA-256 of all, CRC-32C without the tail",
  async (all, tail) => {
    expect(await thread.checksums(fd, all, tail)).toEqual({
      sha256: createHash("sha256").update(content.subarray(0, all)).digest("hex"),
      headCrc32c: crc32cOf([content.subarray(0, all - tail)]),
    });
  },
);

test("a file that is shorter, or none → rejected, and the thread goes on", async () => {
  await expect(thread.checksums(fd, content.length + 1, 1)).rejects.toThrow("ends after 2500000");
  await expect(thread.checksums(-1, 1, 0)).rejects.toThrow("fd");
  expect(await thread.checksums(fd, 1, 0)).toMatchObject({
    headCrc32c: crc32cOf([Buffer.of(0)]),
  });
});
