/** Whatever the block and however it is cut into views: it comes back, and no damage to it goes unseen. */
import { createSecretKey } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { blocksOf } from "../blocks/block-views.ts";
import { blockDecipherer, blockEncipherer } from "./block-cipher.ts";
import { parseHeader } from "./container.ts";
import { noEncryption } from "./parameters.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 3000 });
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });

const cutInto = (block: Uint8Array, viewLength: number) => blocksOf([block], viewLength).flat();

function enciphered(key: Uint8Array, block: Uint8Array): Buffer {
  return Buffer.concat([...blockEncipherer(createSecretKey(key), noEncryption).encipher([block])]);
}

function deciphered(key: Uint8Array, views: readonly Uint8Array[]) {
  const header = parseHeader(views);
  if (header === undefined) return { kind: "no container" } as const;
  return blockDecipherer(createSecretKey(key)).decipher(header, views);
}

test("enciphered and deciphered → the same bytes", () => {
  fc.assert(
    fc.property(keys, bytes, fc.integer({ min: 1, max: 400 }), (key, block, viewLength) => {
      const container = enciphered(key, block);
      const tail = container.length % viewLength;
      const views = [
        ...cutInto(container, viewLength),
        container.subarray(container.length - tail),
      ];
      const result = deciphered(key, views);
      expect(result.kind === "plain" && Buffer.concat([...result.views]).equals(block)).toBe(true);
    }),
  );
});

test("one bit changed anywhere but in the EXTERNAL byte → never taken for the block", () => {
  fc.assert(
    fc.property(keys, bytes, fc.nat(), fc.nat(7), (key, block, place, bit) => {
      const container = enciphered(key, block);
      const externalByte = container.length - block.length - 29;
      const index = place % container.length;
      fc.pre(index !== externalByte);
      container[index]! ^= 1 << bit;
      expect(deciphered(key, [container]).kind).not.toBe("plain");
    }),
  );
});

test("another key → told as such", () => {
  fc.assert(
    fc.property(keys, keys, bytes, (key, other, block) => {
      fc.pre(Buffer.compare(key, other) !== 0);
      expect(deciphered(other, [enciphered(key, block)]).kind).toBe("wrongKey");
    }),
  );
});
