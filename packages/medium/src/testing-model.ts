/** Tests only: a tape as a plain array, ports for a volume, and data that says which block it is. */
import assert from "node:assert/strict";
import { replaceFile } from "./replace-file.ts";
import type { CrashDisk } from "./testing-crash-disk.ts";
import type {
  DataIn,
  DataOut,
  SegmentDescription,
  Slab,
  VolumeEvent,
  VolumePorts,
} from "./port.ts";

/** A block is its id and length, a filemark is 0. */
export type ModelObject = { readonly id: number; readonly length: number } | 0;

/** mulberry32: the same numbers for the same seed. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const below = (random: () => number, end: number): number => Math.floor(random() * end);

export const blockBytes = (id: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (id * 31 + at * 7 + (id >>> 8)) & 0xff;
  return bytes;
};

/** Releases are counted; released bytes are overwritten, so that late use shows. */
export const dataOut = (blocks: readonly Buffer[], random: () => number) => {
  const whole = Buffer.concat(blocks);
  const views: Uint8Array[] = [];
  for (let at = 0; at < whole.length;) {
    const length = 1 + below(random, whole.length - at);
    views.push(whole.subarray(at, at + length));
    at += length;
  }
  const state = { released: 0 };
  const data: DataOut = {
    views,
    byteLength: whole.length,
    release: () => {
      state.released += 1;
      whole.fill(0xdd);
    },
  };
  return { data, state };
};

export const bytesOf = (data: DataIn): Buffer => {
  const bytes = Buffer.concat(data.views);
  assert.equal(bytes.length, data.byteLength);
  return bytes;
};

/** Slabs that are poisoned when the last owner lets go; `held` says how many are out. */
export const slabPool = (slabBytes: number) => {
  const pool = {
    held: 0,
    acquire: (): Slab => {
      const bytes = new Uint8Array(slabBytes);
      let owners = 1;
      pool.held += 1;
      return {
        bytes,
        retain: () => {
          assert(owners > 0);
          owners += 1;
        },
        release: () => {
          assert(owners > 0, "released once too often");
          owners -= 1;
          if (owners > 0) return;
          bytes.fill(0xee);
          pool.held -= 1;
        },
      };
    },
  };
  return pool;
};

/** Ports with a vault in memory: `store` keeps a segment's file as an uploader would, `recall` puts it back. */
export const testPorts = (
  disk: () => CrashDisk,
  root: string,
  slabBytes = 8192,
  vault = new Map<string, Buffer>(),
) => {
  const events: VolumeEvent[] = [];
  const pool = slabPool(slabBytes);
  const ports: VolumePorts = {
    admit: () => true,
    buffers: pool,
    onEvent: (event) => events.push(event),
    recall: async (segment) => {
      const bytes = vault.get(segment.path);
      if (bytes === undefined) throw new Error("the vault does not have it");
      await replaceFile(disk(), `${root}/${segment.path}`, bytes);
    },
  };
  const store = (segment: SegmentDescription): void => {
    const bytes = Buffer.from(disk().contentOf(`${root}/${segment.path}`));
    assert.equal(bytes.length, segment.segmentBytes);
    vault.set(segment.path, bytes);
  };
  return { ports, vault, events, pool, store };
};
