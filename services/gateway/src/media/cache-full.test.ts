/** The cache full of what cannot leave: slower, then BUSY; what was answered with GOOD stays. */
import { SCSI_STATUS } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOfflineGateway } from "../testing/offline-gateway.ts";
import type { OfflineGateway } from "../testing/offline-gateway.ts";

let offline: OfflineGateway;
beforeEach(async () => {
  offline = await openOfflineGateway({ cacheBytesMax: "16MiB" });
});
afterEach(() => offline.close());

test("writing on with the store away → BUSY past the budget, no error, and all that was GOOD reads back", async () => {
  const changer = await offline.changer();
  await changer.load("RHS001L8");
  const tape = await offline.drive();
  const blockLength = 262_144;
  let written = 0;
  let status: number = SCSI_STATUS.good;
  while (written < 100) {
    const block = Buffer.alloc(blockLength, written);
    const result = await tape.raw([0x0a, 0, 0x04, 0, 0, 0], { dataOut: block });
    status = result.status;
    if (status !== SCSI_STATUS.good) break;
    written++;
  }
  expect(status).toBe(SCSI_STATUS.busy);
  expect(written).toBeGreaterThan(40);
  expect(written).toBeLessThanOrEqual(64);
  // The second try is refused as well: nothing left meanwhile.
  expect(
    (await tape.raw([0x0a, 0, 0x04, 0, 0, 0], { dataOut: Buffer.alloc(blockLength) })).status,
  ).toBe(SCSI_STATUS.busy);
  // What a full cache must still take: putting what is buffered on stable storage.
  await tape.writeFilemarks(0);
  await tape.rewind();
  for (let index = 0; index < written; index++) {
    const block = await tape.read(blockLength);
    expect(block.kind === "block" && block.data.every((byte) => byte === index)).toBe(true);
  }
});
