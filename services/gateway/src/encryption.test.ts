/** Data encryption through the whole gateway: over iSCSI, on the real medium, over a restart. */
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import type { Tape } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOfflineGateway } from "./testing/offline-gateway.ts";
import type { OfflineGateway } from "./testing/offline-gateway.ts";

let offline: OfflineGateway;
beforeEach(async () => {
  offline = await openOfflineGateway({ segmentBytesMax: "64MiB" });
});
afterEach(() => offline.close());

/** Set Data Encryption for all nexuses: ENCRYPT, DECRYPT, AES-256-GCM. */
async function setKey(tape: Tape, key: Uint8Array): Promise<void> {
  const head = Buffer.from("0010003040400202010000000000000000000020".padEnd(40, "0"), "hex");
  const page = Buffer.concat([head, key]);
  const cdb = [0xb5, 0x20, 0, 0x10, 0, 0, 0, 0, 0, page.length, 0, 0];
  await tape.good("SECURITY PROTOCOL OUT", cdb, { dataOut: page });
}

/** Whether those bytes are in any file of the gateway. */
async function isOnDisk(bytes: Buffer): Promise<boolean> {
  const entries = await readdir(offline.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(
    files.map((file) => readFile(path.join(file.parentPath, file.name))),
  );
  return contents.some((content) => content.includes(bytes));
}

test("blocks of 100 bytes to 8 MiB with a key → nothing of them or of it on disk; after a restart 7/74/01, with the key the same bytes", async () => {
  const key = randomBytes(32);
  const blocks = [100, 65_536, 1_048_577, 8 * 1024 * 1024].map((length) => randomBytes(length));
  const changer = await offline.changer();
  await changer.load("RHS001L8");
  const tape = await offline.drive();
  await setKey(tape, key);
  for (const block of blocks) await tape.write(block);
  await tape.writeFilemarks(1);
  for (const secret of [key, ...blocks.map((block) => block.subarray(0, 32))]) {
    expect(await isOnDisk(secret)).toBe(false);
  }
  await offline.restart();
  const again = await offline.drive();
  await again.rewind();
  await expect(again.read(100)).rejects.toThrow(/data protect.*74\/01/iu);
  await setKey(again, key);
  for (const block of blocks) {
    const read = await again.read(block.length);
    expect(read.kind === "block" && read.data.equals(block)).toBe(true);
  }
});
