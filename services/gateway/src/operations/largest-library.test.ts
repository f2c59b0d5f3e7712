/** The largest library there may be, started and asked over iSCSI. The limits are wide: other tests run beside it. */
import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openOfflineGateway } from "../testing/offline-gateway.ts";
import type { OfflineGateway } from "../testing/offline-gateway.ts";

let offline: OfflineGateway;
let startMs: number;
beforeAll(async () => {
  const beforeMs = performance.now();
  offline = await openOfflineGateway({ libraryDrives: "64", librarySlots: "60000" });
  startMs = performance.now() - beforeMs;
}, 60_000);
afterAll(() => offline.close());

const allocationBytes = 0xff_ffff;

test("64 drives and 60,000 slots → start within 10 s, READ ELEMENT STATUS of all with tags within 2 s", async () => {
  const changer = await offline.changer();
  const cdb = Buffer.alloc(12);
  cdb[0] = 0xb8;
  cdb[1] = 0x10;
  cdb.writeUInt16BE(0xffff, 4);
  cdb.writeUIntBE(allocationBytes, 7, 3);
  const beforeMs = performance.now();
  const { data } = await changer.session.command(cdb, { dataInLength: allocationBytes });
  const reportMs = performance.now() - beforeMs;
  console.log(`start ${startMs.toFixed(0)} ms, READ ELEMENT STATUS ${reportMs.toFixed(0)} ms`);
  expect(data.readUInt16BE(2)).toBe(1 + 64 + 60_000 + 2);
  expect(offline.gateway.targetNames).toHaveLength(65);
  expect([startMs < 10_000, reportMs < 2000]).toEqual([true, true]);
}, 60_000);
