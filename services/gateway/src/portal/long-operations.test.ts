/** While a drive is long at something: pings are answered, and what was begun can be ended at once. */
import { defaultLimits } from "@reelhouse/iscsi";
import type { GetSegment, Vault } from "@reelhouse/vault";
import { IscsiError, pause, SCSI_STATUS } from "@reelhouse/testing";
import type { ConnectOptions, Tape } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openOfflineGateway } from "../testing/offline-gateway.ts";
import type { OfflineGateway } from "../testing/offline-gateway.ts";
import { testKey, testReceipt } from "../testing/test-media.ts";

// Most of it is waiting; beside other tests on a small machine more so.
vi.setConfig({ testTimeout: 60_000 });

const barcode = "RHS001L8";
const answerMsMax = 100;
/** For one answer only, which a busy machine may delay: the recall and the WRITE that it must not wait for never end. */
const onceMsMax = 2000;
const blockBytes = 1024 * 1024;

let offline: OfflineGateway;
/** What the vault was asked for, and does not give. */
let asked: GetSegment[];
beforeEach(async () => {
  asked = [];
  const vault: Pick<Vault, "getSegment"> = {
    getSegment(wanted, _destination, options) {
      asked.push(wanted);
      return new Promise((_resolve, reject) => {
        const giveUp = () => reject(new Error("the gateway stops"));
        options?.signal?.addEventListener("abort", giveUp, { once: true });
      });
    },
  };
  offline = await openOfflineGateway({}, { vault });
  await (await offline.changer()).load(barcode);
});
afterEach(() => offline.close());

/** A tape of which all but the first block, which has been read, is in the store alone. */
async function tapeWithoutItsData(
  options: Partial<ConnectOptions> = {},
  blockLengths: readonly number[] = [blockBytes, blockBytes, blockBytes],
): Promise<Tape> {
  const tape = await offline.drive(1, options);
  for (const [seed, length] of blockLengths.entries()) await tape.write(Buffer.alloc(length, seed));
  await tape.writeFilemarks(1);
  await tape.rewind();
  const volume = offline.gateway.house.media.volume(barcode);
  if (volume === undefined) throw new Error("no volume");
  await volume.setWrappedKey(testKey);
  await volume.seal();
  for (const segment of volume.segments()) {
    const receipt = testReceipt(segment);
    await volume.recordReceipt(segment, JSON.stringify(receipt), receipt.objectBytes);
    await volume.evict(segment);
  }
  expect((await tape.read(blockBytes)).kind).toBe("block");
  return tape;
}

/** READ(6) of a block that is not here. */
async function startRead(tape: Tape) {
  const cdb = [0x08, 0, (blockBytes >> 16) & 0xff, (blockBytes >> 8) & 0xff, blockBytes & 0xff, 0];
  const started = tape.session.start(Uint8Array.from(cdb), { dataInLength: blockBytes });
  const ended = started.done.then(
    ({ status }) => `status ${status}`,
    (error: unknown) => (error instanceof IscsiError ? error.kind : String(error)),
  );
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  return { started, ended };
}

const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
  const begunMs = performance.now();
  await work();
  return performance.now() - begunMs;
};

/**
 * Pings until `work` is done: what nine of ten answers took at most. A process that does not get a CPU when it wants one is
 * late now and then; one that cannot answer while a drive works answers few pings, and those late.
 */
async function pingMs(tape: Tape, work: Promise<unknown>): Promise<number> {
  const state = { isDone: false };
  const done = work.finally(() => {
    state.isDone = true;
  });
  const times: number[] = [];
  do {
    times.push(await timeOf(() => tape.session.ping(Buffer.from("ping"))));
    await pause(2);
  } while (!state.isDone);
  await done;
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.9)] ?? 0;
}

test("a READ that waits for a recall → pings are answered, and other drives work", async () => {
  const tape = await tapeWithoutItsData();
  const { ended } = await startRead(tape);
  expect(await pingMs(tape, pause(300))).toBeLessThan(answerMsMax);
  const other = await offline.drive(2);
  expect(await timeOf(() => other.inquiry())).toBeLessThan(onceMsMax);
  tape.session.cut();
  expect(await ended).toBe("closed");
});

test.each(["abortTaskSet", "logicalUnitReset", "targetWarmReset", "clearTaskSet"] as const)(
  "%s while a READ waits for a recall → answered at once, the READ never, the next command at once",
  async (name) => {
    const tape = await tapeWithoutItsData();
    const { ended } = await startRead(tape);
    expect(await timeOf(() => tape.session.manage(name))).toBeLessThan(onceMsMax);
    expect(await ended).toBe("aborted");
    expect(await timeOf(() => tape.clearUnitAttentions())).toBeLessThan(onceMsMax);
    expect((await tape.readPosition()).objectNumber).toBe(1);
    expect(asked.length).toBeGreaterThan(0);
  },
);

test.each(["logicalUnitReset", "targetWarmReset", "clearTaskSet"] as const)(
  "%s by another host while a READ waits for a recall and a command behind it → both are answered TASK ABORTED",
  async (name) => {
    const tape = await tapeWithoutItsData();
    const other = await offline.drive(1);
    const { ended } = await startRead(tape);
    const behind = tape.session.command(Uint8Array.of(0));
    expect(await timeOf(() => other.session.manage(name))).toBeLessThan(onceMsMax);
    expect(await ended).toBe(`status ${SCSI_STATUS.taskAborted}`);
    expect((await behind).status).toBe(SCSI_STATUS.taskAborted);
    await tape.clearUnitAttentions();
    expect((await tape.readPosition()).objectNumber).toBe(1);
  },
);

test("ABORT TASK of the READ → answered at once, and the recall goes on in the background", async () => {
  const tape = await tapeWithoutItsData();
  const { started, ended } = await startRead(tape);
  expect(await timeOf(() => tape.session.manage("abortTask", { task: started }))).toBeLessThan(
    answerMsMax,
  );
  expect(await ended).toBe("aborted");
  expect(offline.gateway.house.recalls.runningCount).toBeGreaterThan(0);
  expect((await tape.testUnitReady()).status).toBe(SCSI_STATUS.good);
});

test("a connection that breaks while a READ waits → the same initiator comes back and works at once", async () => {
  const isid = Uint8Array.of(0x80, 1, 2, 3, 4, 5);
  const tape = await tapeWithoutItsData({ isid });
  const { ended } = await startRead(tape);
  tape.session.cut();
  expect(await ended).toBe("closed");
  const again = await offline.drive(1, { isid });
  expect(await timeOf(() => again.testUnitReady())).toBeLessThan(onceMsMax);
  expect((await again.readPosition()).objectNumber).toBe(1);
});

test("LOCATE with IMMED into a segment that is in the store → answered at once, ended by a reset", async () => {
  // Where a block lies within a segment only its index says, which is in the store, too.
  const tape = await tapeWithoutItsData({}, [blockBytes, 1000, 2000, 3000]);
  const cdb = Uint8Array.of(0x2b, 0x01, 0, 0, 0, 0, 3, 0, 0, 0);
  const begunMs = performance.now();
  expect((await tape.raw(cdb)).status).toBe(SCSI_STATUS.good);
  expect(performance.now() - begunMs).toBeLessThan(onceMsMax);
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  const position = tape.readPosition().then(
    () => "answered",
    (error: unknown) => (error instanceof IscsiError ? error.kind : String(error)),
  );
  expect(await timeOf(() => tape.session.manage("logicalUnitReset"))).toBeLessThan(onceMsMax);
  expect(await position).toBe("aborted");
  await tape.clearUnitAttentions();
  expect((await tape.readPosition()).objectNumber).toBe(1);
});

test.each(["abortTaskSet", "logicalUnitReset", "targetWarmReset"] as const)(
  "%s while a WRITE waits for its data → answered at once, the next command at once",
  async (name) => {
    const DATA_OUT = 0x05;
    const tape = await offline.drive(1, {
      initialR2T: true,
      immediateData: false,
      tamper: (pdu) => (((pdu.header[0] ?? 0) & 0x3f) === DATA_OUT ? undefined : pdu),
    });
    const ended = tape.write(Buffer.alloc(blockBytes)).then(
      () => "written",
      (error: unknown) => (error instanceof IscsiError ? error.kind : String(error)),
    );
    await pause(50);
    expect(await pingMs(tape, pause(50))).toBeLessThan(answerMsMax);
    expect(await timeOf(() => tape.session.manage(name))).toBeLessThan(onceMsMax);
    expect(await ended).toBe("aborted");
    expect(await timeOf(() => tape.clearUnitAttentions())).toBeLessThan(onceMsMax);
    expect((await tape.readPosition()).objectNumber).toBe(0);
  },
);

test("REWIND with 8 MiB to store → pings are answered meanwhile", async () => {
  const tape = await offline.drive(1);
  for (let count = 0; count < 8; count++) await tape.write(Buffer.alloc(blockBytes, count));
  expect(await pingMs(tape, tape.rewind())).toBeLessThan(answerMsMax);
});

test("LOCATE over 2^20 objects and back → pings are answered meanwhile", async () => {
  const tape = await offline.drive(1);
  const blocks = 2 ** 20;
  const blocksAtOnce = 2 ** 16;
  await tape.setBlockLength(4);
  for (let written = 0; written < blocks; written += blocksAtOnce)
    await tape.writeFixed(Buffer.alloc(4 * blocksAtOnce, 1), 4);
  await tape.writeFilemarks(1);
  expect(await pingMs(tape, tape.rewind())).toBeLessThan(answerMsMax);
  expect(await pingMs(tape, tape.locate(blocks - 1))).toBeLessThan(answerMsMax);
  expect((await tape.readPosition()).objectNumber).toBe(blocks - 1);
  expect(await pingMs(tape, tape.locate(1))).toBeLessThan(answerMsMax);
});

test("a stop while a nexus is kept and a recall is slow → does not wait for either", async () => {
  const tape = await tapeWithoutItsData();
  await startRead(tape);
  tape.session.cut();
  await pause(20);
  // The recall never ends by itself; a kept nexus is lost after this time.
  expect(await timeOf(() => offline.restart())).toBeLessThan(defaultLimits.nexusRetentionMs / 2);
});
