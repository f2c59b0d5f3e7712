/** What the outbox does when the disk, or an event at a bad moment, takes away what it counts on. */
import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EventBody, GatewayEvent } from "@reelhouse/contracts";
import { createLogger } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { OutboxFile } from "./outbox-file.ts";
import { Outbox } from "./outbox.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "outbox-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true, force: true });
});

const logger = createLogger("test", "fatal");
const body = (barcode: string): EventBody => ({ type: "volume.removed", library: "gw1", barcode });
const at = "2026-11-22T00:00:00.000Z";
const now = () => new Date(at);
const barcodeOf = (event: GatewayEvent) => ("barcode" in event.body ? event.body.barcode : "");
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const away = async (): Promise<number> => Promise.reject(new Error("away"));
const eventFiles = async () => (await readdir(directory)).filter((name) => name.endsWith(".jsonl"));

/** A receiver that counts as the inventory does: by outbox, dense. */
function receiver() {
  const taken = new Map<string, GatewayEvent[]>();
  const deliver = async (id: string, events: readonly GatewayEvent[]): Promise<number> => {
    const stored = taken.get(id) ?? [];
    taken.set(id, stored);
    for (const event of events) if (event.sequence === stored.length + 1) stored.push(event);
    return stored.length;
  };
  return { taken, deliver };
}

function outboxOn(file: OutboxFile, deliver: typeof away | ReturnType<typeof receiver>["deliver"]) {
  const outbox: Outbox = new Outbox({
    file,
    logger,
    now,
    deliver,
    describeAll: async () => outbox.emit(body("DESCRIBED")),
  });
  return outbox;
}

/** Events on disk that nobody has taken, in an outbox that is closed. */
async function leftBehind(count: number) {
  const file = await OutboxFile.open(directory);
  const outbox = outboxOn(file, away);
  for (let index = 0; index < count; index++) {
    outbox.emit(body(`RHS${index}`));
    if (index % 400 === 399) await outbox.flush();
  }
  await outbox.close();
  return file.outboxId;
}

test("events while the outbox begins anew → all are told, counted from 1 under the new id", async () => {
  const file = await OutboxFile.open(directory);
  const firstId = file.outboxId;
  const { taken, deliver } = receiver();
  let lost = false;
  const outbox = outboxOn(file, async (id, events) =>
    lost && id === firstId ? 0 : deliver(id, events),
  );
  outbox.emit(body("RHS001L8"));
  await until(() => outbox.pendingCount === 0);
  const renew = file.renew.bind(file);
  vi.spyOn(file, "renew").mockImplementation(async () => {
    const renewed = renew();
    for (let index = 0; index < 40; index++) {
      outbox.emit(body(`MEANWHILE${index}`));
      await nextTurn();
    }
    await renewed;
  });
  lost = true;
  outbox.emit(body("RHS002L8"));
  await until(() => file.outboxId !== firstId && outbox.pendingCount === 0);
  await until(() => taken.get(file.outboxId)?.some((e) => barcodeOf(e) === "DESCRIBED") === true);
  const told = (taken.get(file.outboxId) ?? []).map(barcodeOf);
  const meanwhile = Array.from({ length: 40 }, (_, index) => `MEANWHILE${index}`);
  expect(told.filter((each) => each.startsWith("MEANWHILE"))).toEqual(meanwhile);
  expect(await eventFiles()).toEqual(["0000000000000001.jsonl"]);
  expect(await outbox.close()).toBe(true);
});

test("a disk put back from a backup, and more told at its start than the backup lacks → all is told under a new id", async () => {
  const { taken, deliver } = receiver();
  const backup = await mkdtemp(path.join(tmpdir(), "backup-"));
  onTestFinished(() => rm(backup, { recursive: true, force: true }));
  const tell = async (file: OutboxFile, barcodes: readonly string[]) => {
    const outbox = outboxOn(file, deliver);
    for (const barcode of barcodes) outbox.emit(body(barcode));
    await until(() => outbox.pendingCount === 0);
    await outbox.close();
  };
  await tell(await OutboxFile.open(directory), ["A1", "A2"]);
  await cp(directory, backup, { recursive: true });
  const file = await OutboxFile.open(directory);
  await tell(file, ["A3", "A4"]);
  await rm(directory, { recursive: true });
  await cp(backup, directory, { recursive: true });
  const restored = await OutboxFile.open(directory);
  await tell(restored, ["B3", "B4", "B5", "B6"]);
  expect(restored.outboxId).not.toBe(file.outboxId);
  const told = taken.get(restored.outboxId)?.map(barcodeOf) ?? [];
  expect(told).toContain("DESCRIBED");
});

test("a file of events that is gone → everything is described under a new id", async () => {
  const firstId = await leftBehind(6000);
  const [first = "", second] = await eventFiles();
  expect(second).toBeDefined();
  await rm(path.join(directory, first));
  const file = await OutboxFile.open(directory);
  const { taken, deliver } = receiver();
  const outbox = outboxOn(file, deliver);
  await until(() => taken.has(file.outboxId) && outbox.pendingCount === 0);
  expect(file.outboxId).not.toBe(firstId);
  expect(taken.get(file.outboxId)?.map(barcodeOf)).toEqual(["DESCRIBED"]);
  await outbox.close();
});

async function handlePrototype(): Promise<object> {
  await using handle = await open(path.join(directory, "any"), "w");
  const prototype: unknown = Object.getPrototypeOf(handle);
  assert(typeof prototype === "object" && prototype !== null);
  return prototype;
}

test("a disk that takes a part of each write → the events are whole on disk", async () => {
  const file = await OutboxFile.open(directory);
  const prototype = await handlePrototype();
  const write: unknown = Reflect.get(prototype, "write");
  assert(typeof write === "function");
  Reflect.set(
    prototype,
    "write",
    function (this: FileHandle, ...of: [Buffer, number, number, number]) {
      const [bytes, offset, length, position] = of;
      return Reflect.apply(write, this, [
        bytes,
        offset,
        Math.min(length, 100),
        position,
      ]) as unknown;
    },
  );
  onTestFinished(() => void Reflect.set(prototype, "write", write));
  const outbox = outboxOn(file, away);
  for (let index = 0; index < 20; index++) outbox.emit(body(`RHS${index}`));
  expect(await outbox.close()).toBe(true);
  const again = await OutboxFile.open(directory);
  expect((await again.read(0, 100)).map((event) => event.sequence)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  await again.close();
});

test.each([
  ["a line that is no JSON", "0000000000000001.jsonl", '{"seq\n{"sequence":4}\n'],
  ["a line with another sequence", "0000000000000001.jsonl", '{"sequence":9,"body":{}}\n'],
  ["an identity that is no JSON", "identity.json", "}{"],
  ["an accepted that is no number", "accepted", "x"],
])("%s → the outbox opens and describes everything under a new id", async (_, name, damage) => {
  const firstId = await leftBehind(2);
  if (name === "accepted") await writeFile(path.join(directory, name), damage);
  else await appendFile(path.join(directory, name), damage);
  const file = await OutboxFile.open(directory);
  const { taken, deliver } = receiver();
  const outbox = outboxOn(file, deliver);
  await until(() => taken.has(file.outboxId) && outbox.pendingCount === 0);
  expect(file.outboxId).not.toBe(firstId);
  expect(taken.get(file.outboxId)?.map(barcodeOf)).toEqual(["DESCRIBED"]);
  expect(await outbox.close()).toBe(true);
});

test("events just emitted → are delivered from memory, no file is read", async () => {
  const file = await OutboxFile.open(directory);
  const outbox = outboxOn(file, away);
  for (let index = 0; index < 600; index++) outbox.emit(body(`RHS${index}`));
  await outbox.flush();
  for (const name of await eventFiles()) await rm(path.join(directory, name));
  expect((await file.read(550, 500)).map((event) => event.sequence)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 551),
  );
  await outbox.close();
});

test("many events nobody takes → small files, and all of them in order from disk", async () => {
  await leftBehind(6000);
  const names = await eventFiles();
  for (const name of names)
    expect((await stat(path.join(directory, name))).size).toBeLessThan(384 * 1024);
  const file = await OutboxFile.open(directory);
  const { taken, deliver } = receiver();
  const outbox = outboxOn(file, deliver);
  await until(() => outbox.pendingCount === 0);
  expect(taken.get(file.outboxId)?.map(barcodeOf)).toEqual(
    Array.from({ length: 6000 }, (_, index) => `RHS${index}`),
  );
  expect(await eventFiles()).toHaveLength(1);
  await outbox.close();
});

test("a disk without room at the stop → close ends, and says that not all was kept", async () => {
  const file = await OutboxFile.open(directory);
  vi.spyOn(file, "append").mockRejectedValue(new Error("ENOSPC"));
  const outbox = outboxOn(file, away);
  outbox.emit(body("RHS001L8"));
  expect(await outbox.close()).toBe(false);
});
