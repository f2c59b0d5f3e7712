/** The rule of the write path: no payload byte is copied in JavaScript between the socket and the disk. */
import { countCopies } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOfflineGateway } from "./testing/offline-gateway.ts";
import type { OfflineGateway } from "./testing/offline-gateway.ts";

let offline: OfflineGateway;
beforeEach(async () => {
  offline = await openOfflineGateway({ segmentBytesMax: "64MiB" });
});
afterEach(() => offline.close());

/** The initiator lives in this process too; what it copies is its own. The outbox reads its lines of JSON, no payload. */
const exceptFrom = [/packages\/testing\//, /inventory-link\/outbox/];

test.each([
  { blockLength: 65_536, blocks: 64 },
  { blockLength: 262_144, blocks: 32 },
  { blockLength: 1_048_576, blocks: 16 },
  { blockLength: 3_000_001, blocks: 4 },
])(
  "$blocks WRITEs of $blockLength bytes and a filemark → 0 payload bytes copied",
  async ({ blockLength, blocks }) => {
    const changer = await offline.changer();
    await changer.load("RHS001L8");
    const tape = await offline.drive();
    const block = Buffer.alloc(blockLength, "payload ");
    const { copiedBytes, sites } = await countCopies(
      async () => {
        for (let count = 0; count < blocks; count++) await tape.write(block);
        await tape.writeFilemarks(1);
      },
      { exceptFrom },
    );
    expect(sites).toEqual([]);
    expect(copiedBytes).toBe(0);
    await tape.rewind();
    const back = await tape.read(blockLength);
    expect(back.kind === "block" && back.data.equals(block)).toBe(true);
  },
);
