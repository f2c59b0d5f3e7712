/** A full disk, whatever the budget says: writes are answered BUSY, one line says so; room again, they are taken. */
import { createLogger } from "@reelhouse/service-kit";
import { expect, test, vi } from "vitest";
import { CacheKeeper } from "./cache-keeper.ts";

const disk = vi.hoisted(() => ({ freeBytes: 0 }));
vi.mock("node:fs/promises", async (original) => ({
  ...(await original<typeof import("node:fs/promises")>()),
  statfs: async () => ({ bavail: disk.freeBytes / 4096, bsize: 4096 }),
}));

const MIB = 1024 ** 2;

test("a disk with less than 256 MiB free → refused, said once; more free → taken, said once", async () => {
  const lines: string[] = [];
  const logger = createLogger("test", "info", { write: (line) => void lines.push(line) });
  const media = { volumes: () => [] };
  const keeper = new CacheKeeper({ media, directory: "/", budgetBytes: 1024 ** 4, logger });
  disk.freeBytes = 256 * MIB;
  await keeper.look();
  expect(await keeper.admit(MIB)).toBe(false);
  expect(await keeper.admit(MIB)).toBe(false);
  expect(lines.filter((line) => line.includes("cache.full"))).toHaveLength(1);
  disk.freeBytes = 300 * MIB;
  await keeper.look();
  expect(await keeper.admit(MIB)).toBe(true);
  expect(lines.filter((line) => line.includes("cache.relieved"))).toHaveLength(1);
  await keeper.close();
});
