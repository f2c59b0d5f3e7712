/**
 * Writing bytes of a file once more where they are. After a sync that failed the system takes them for written: they can
 * be read, no later sync writes them, and they are gone with the power. What is written anew is synced anew.
 */
import assert from "node:assert/strict";
import type { DiskFile } from "./disk.ts";
import { slabBytes } from "./limits.ts";

/** The bytes [from, end) are on stable storage when it resolves. */
export const rewrite = async (file: DiskFile, from: number, end: number): Promise<void> => {
  const buffer = Buffer.allocUnsafeSlow(Math.min(slabBytes, end - from));
  for (let at = from; at < end; at += slabBytes) {
    const view = buffer.subarray(0, Math.min(slabBytes, end - at));
    assert((await file.read(view, at)) === view.byteLength, "what was read once can be read");
    await file.writev([view], at);
  }
  await file.datasync();
};
