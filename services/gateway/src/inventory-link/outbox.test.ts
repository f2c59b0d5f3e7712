import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EventBody, GatewayEvent } from "@reelhouse/contracts";
import { createLogger } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OutboxFile } from "./outbox-file.ts";
import { Outbox } from "./outbox.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "outbox-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const logger = createLogger("test", "fatal");
const body = (barcode: string): EventBody => ({ type: "volume.removed", library: "gw1", barcode });
const now = () => new Date("2026-11-22T00:00:00Z");

async function outboxWith(
  deliver: (id: string, events: readonly GatewayEvent[]) => Promise<number>,
) {
  const file = await OutboxFile.open(directory);
  const described: EventBody[] = [];
  const describeAll = async () => {
    for (const each of described) outbox.emit(each);
  };
  const outbox: Outbox = new Outbox({ file, logger, now, deliver, describeAll });
  return { file, outbox, described };
}
const away = async (): Promise<number> => Promise.reject(new Error("away"));
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("events → are delivered in order, once each when the receiver takes them", async () => {
  const taken: number[] = [];
  const { outbox } = await outboxWith(async (_, events) => {
    taken.push(...events.map((event) => event.sequence));
    return events.at(-1)?.sequence ?? 0;
  });
  for (let index = 0; index < 1200; index++) outbox.emit(body("RHS001L8"));
  await until(() => outbox.pendingCount === 0);
  expect(taken).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1));
  await outbox.close();
});

test("a receiver that fails at first → gets the same events again, with the same sequences", async () => {
  const attempts: number[][] = [];
  const { outbox } = await outboxWith(async (_, events) => {
    attempts.push(events.map((event) => event.sequence));
    if (attempts.length < 3) throw new Error("ECONNREFUSED");
    return events.at(-1)?.sequence ?? 0;
  });
  outbox.emit(body("RHS001L8"));
  await until(() => outbox.pendingCount === 0);
  expect(attempts).toEqual([[1], [1], [1]]);
  await outbox.close();
});

test("a restart with a receiver away → keeps all events, the outbox's id, and counts on", async () => {
  const first = await outboxWith(away);
  first.outbox.emit(body("RHS001L8"));
  first.outbox.emit(body("RHS002L8"));
  await first.outbox.close();
  const taken: GatewayEvent[] = [];
  const second = await outboxWith(async (_, events) => {
    taken.push(...events);
    return events.at(-1)?.sequence ?? 0;
  });
  second.outbox.emit(body("RHS003L8"));
  await until(() => second.outbox.pendingCount === 0);
  expect(taken.map((event) => [event.sequence, event.body])).toEqual([
    [1, body("RHS001L8")],
    [2, body("RHS002L8")],
    [3, body("RHS003L8")],
  ]);
  expect(second.file.outboxId).toBe(first.file.outboxId);
  await second.outbox.close();
});

test("an inventory that lost its catalogue → is told everything again, under a new id and count", async () => {
  const taken: { id: string; sequence: number; body: EventBody }[] = [];
  let lost = false;
  const { file, outbox, described } = await outboxWith(async (id, events) => {
    if (lost && events[0]?.sequence !== 1) return 0;
    taken.push(...events.map((event) => ({ id, sequence: event.sequence, body: event.body })));
    return events.at(-1)?.sequence ?? 0;
  });
  const firstId = file.outboxId;
  outbox.emit(body("RHS001L8"));
  outbox.emit(body("RHS002L8"));
  await until(() => outbox.pendingCount === 0);
  lost = true;
  described.push(body("RHS007L8"), body("RHS008L8"));
  outbox.emit(body("RHS003L8"));
  await until(() => taken.length === 4 && outbox.pendingCount === 0);
  expect(file.outboxId).not.toBe(firstId);
  expect(taken.slice(2)).toEqual([
    { id: file.outboxId, sequence: 1, body: body("RHS007L8") },
    { id: file.outboxId, sequence: 2, body: body("RHS008L8") },
  ]);
  await outbox.close();
});

test("a line torn by a power loss → is cut, and its sequence is used again", async () => {
  const file = await OutboxFile.open(directory);
  await file.append([{ at: now().toISOString(), body: body("RHS001L8") }]);
  await file.close();
  const name = (await readdir(directory)).find((entry) => entry.endsWith(".jsonl")) ?? "";
  await appendFile(path.join(directory, name), '{"sequence":2,"at":"2026');
  const again = await OutboxFile.open(directory);
  expect(again.lastSequence).toBe(1);
  await again.append([{ at: now().toISOString(), body: body("RHS002L8") }]);
  expect((await again.read(0, 10)).map((event) => event.sequence)).toEqual([1, 2]);
  await again.close();
});

/** A full library, which is described in some 4 MB. */
const fullLibrary: EventBody = {
  type: "library.described",
  library: "gw1",
  changer: { vendor: "STK", product: "L700", serialNumber: "S1", targetName: "iqn.2026-11.a:b" },
  drives: [],
  ranges: {
    transport: { firstAddress: 0, count: 1 },
    dataTransfer: { firstAddress: 10_000, count: 0 },
    storage: { firstAddress: 1, count: 65_000 },
    importExport: { firstAddress: 66_000, count: 0 },
  },
  occupied: Array.from({ length: 65_000 }, (_, index) => ({
    address: index + 1,
    type: "storage",
    barcode: `RHS${String(index).padStart(5, "0")}L8`,
  })),
};

test("a full library described three times while the inventory was away → no delivery is longer than it takes", async () => {
  const bodyBytesMax = 8 * 1024 ** 2;
  const taken: number[][] = [];
  let isThere = false;
  const { outbox } = await outboxWith(async (outboxId, events) => {
    const bytes = Buffer.byteLength(JSON.stringify({ gateway: "gw1", outboxId, events }));
    if (!isThere || bytes > bodyBytesMax) throw new Error("413");
    taken.push(events.map((event) => event.sequence));
    return events.at(-1)?.sequence ?? 0;
  });
  for (const _ of [1, 2, 3]) {
    outbox.emit(fullLibrary);
    outbox.emit(body("RHS001L8"));
    await outbox.flush();
  }
  isThere = true;
  await until(() => outbox.pendingCount === 0);
  expect(taken.flat()).toEqual([1, 2, 3, 4, 5, 6]);
  await outbox.close();
});
