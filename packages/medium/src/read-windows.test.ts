/** What is read ahead of a reader, when, and that each slab comes back. */
import { expect, test } from "vitest";
import type { DiskFile } from "./disk.ts";
import { readAheadBytes, slabBytes } from "./limits.ts";
import { ReadWindows } from "./read-windows.ts";

const fileBytes = 16 * slabBytes;
const blockBytes = 256 * 1024;

/** A file whose bytes tell their offset; `reads` lists where it was read. `hold` keeps reads back until it is called. */
function setUp() {
  const reads: number[] = [];
  let held = 0;
  let failing = false;
  let letGo: (() => void) | undefined;
  let gate: Promise<void> = Promise.resolve();
  const file: Pick<DiskFile, "read"> = {
    async read(buffer, position) {
      reads.push(position);
      await gate;
      if (failing) throw new Error("EIO: simulated");
      buffer.fill(position / slabBytes);
      return Math.min(buffer.byteLength, fileBytes - position);
    },
  };
  const windows = new ReadWindows(() => {
    held += 1;
    let holders = 1;
    return {
      bytes: new Uint8Array(slabBytes),
      retain: () => void (holders += 1),
      release: () => {
        holders -= 1;
        if (holders === 0) held -= 1;
      },
    };
  });
  // Only `read` is ever called.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const whole = file as DiskFile;
  return {
    reads,
    windows,
    held: () => held,
    fail: (now: boolean) => void (failing = now),
    hold: () => {
      gate = new Promise((resolve) => (letGo = resolve));
    },
    letGo: () => letGo?.(),
    take: async (offset: number): Promise<boolean> => {
      const known = windows.covers(offset, blockBytes);
      const filled = known || (await windows.fill(whole, offset, blockBytes, fileBytes));
      expect(filled).toBe(true);
      windows.lease(offset, blockBytes).release();
      windows.taken(whole, offset, blockBytes, fileBytes);
      return known;
    },
  };
}

test("one block → one slab is read, and nothing ahead", async () => {
  const { take, windows, reads } = setUp();
  await take(0);
  await windows.idle();
  expect(reads).toEqual([0]);
});

test("blocks in order → all but the first are there already, never more than the limit ahead", async () => {
  const { take, windows, held } = setUp();
  await take(0);
  for (let at = blockBytes; at < fileBytes; at += blockBytes) {
    await take(at);
    await windows.idle();
    expect(held() * slabBytes).toBeLessThanOrEqual(readAheadBytes + 2 * slabBytes);
    const next = at + blockBytes;
    expect(next >= fileBytes || windows.covers(next, blockBytes)).toBe(true);
  }
});

test("a jump while a read ahead is under way → it brings nothing, and every slab comes back", async () => {
  const { take, windows, held, hold, letGo } = setUp();
  await take(0);
  hold();
  await take(blockBytes);
  windows.clear();
  expect(held()).toBe(1);
  letGo();
  await windows.idle();
  expect([held(), windows.covers(slabBytes, 1)]).toEqual([0, false]);
});

test("a read ahead that fails → told to nobody; who needs the bytes reads them again", async () => {
  const { take, windows, reads, fail } = setUp();
  await take(0);
  fail(true);
  await take(blockBytes);
  await windows.idle();
  fail(false);
  expect(await take(slabBytes)).toBe(false);
  expect(reads.slice(0, 3)).toEqual([0, slabBytes, slabBytes]);
  expect(windows.views(slabBytes, 1)).toEqual([Uint8Array.of(1)]);
});

test("a failure of a read that is waited for → the waiter's", async () => {
  const { take, fail, held } = setUp();
  fail(true);
  await expect(take(0)).rejects.toThrow("EIO");
  expect(held()).toBe(0);
});
