/** The whole target under hostile bytes and hostile sessions: no throw, no leak, no answer out of order. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { joinViews } from "./pdu/data-segment.ts";
import { noDigests, type RawPdu, toWire } from "./pdu/codec.ts";
import { encodeValues, valuesOf } from "./pdu/pdu-arbitrary.ts";
import type { TargetPdu } from "./pdu/pdus.ts";
import { Device, operations } from "./testdata-runner/device.ts";
import { parseLine } from "./testdata-runner/lines.ts";
import { SlabCount, settled, Wire } from "./testdata-runner/wire.ts";
import { IscsiTarget } from "./target.ts";

const NAME = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
const LOGIN = `LoginRequest transit csg=1 nsg=3 isid=800000000001 "InitiatorName=iqn.2026-11.org.example:b" "TargetName=${NAME}"`;

function start() {
  const slabs = new SlabCount();
  const device = new Device(() => {});
  const target = new IscsiTarget({
    targets: () => [{ name: NAME }],
    scsiTarget: () => device,
    commandWindow: () => 16,
  });
  const wire = new Wire(target, slabs);
  const login = (keys: string): void => wire.send(parseLine(`${LOGIN} ${keys}`, { cmdSN: 1 }).raw);
  /** Breaks the transport, lets held commands go, and counts what has not come back. */
  const end = async (): Promise<number> => {
    wire.connection.closed();
    for (let itt = 0; itt < 8; itt += 1) device.letGo(itt);
    await settled();
    return slabs.lent + device.dataInLent + target.sessions.length;
  };
  return { wire, login, end };
}

const carriesStatus = (pdu: TargetPdu): boolean => {
  if (pdu.kind === "DataIn") return pdu.hasStatus;
  if (pdu.kind === "NopIn") return pdu.initiatorTaskTag !== 0xffffffff;
  return pdu.kind !== "R2T";
};

test("any bytes instead of a login → no throw, every slab back", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }),
      async (chunks) => {
        const { wire, end } = start();
        for (const chunk of chunks) wire.sendBytes(chunk);
        expect(await end()).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

/** Commands close to sensible: small tags, so that tasks collide; the right CmdSN, mostly. */
const smallTag = fc.integer({ min: 0, max: 7 });
const command = fc
  .record({
    initiatorTaskTag: smallTag,
    operation: fc.constantFrom(...Object.values(operations)),
    length: fc.integer({ min: 0, max: 4096 }),
    expected: fc.integer({ min: 0, max: 4096 }),
    write: fc.boolean(),
    immediateBytes: fc.constantFrom(0, 0, 0, 512),
  })
  .map(({ initiatorTaskTag, operation, length, expected, write, immediateBytes }) => {
    const cdb = Buffer.of(operation, 0, 0, length >> 8, length & 255, 0).toString("hex");
    const direction = write ? "write" : "read";
    return `ScsiCommand final ${direction} itt=${initiatorTaskTag} expectedDataTransferLength=${expected} cdb=${cdb} data=${immediateBytes}*61`;
  });
const dataOut = fc
  .record({
    itt: smallTag,
    ttt: fc.integer({ min: 0, max: 5 }),
    bytes: fc.constantFrom(0, 256, 512),
    final: fc.boolean(),
  })
  .map(
    ({ itt, ttt, bytes, final }) =>
      `DataOut ${final ? "final" : ""} itt=${itt} ttt=${ttt} data=${bytes}*62`,
  );
const management = fc
  .record({
    itt: fc.integer({ min: 20, max: 25 }),
    of: smallTag,
    what: fc.integer({ min: 1, max: 9 }),
  })
  .map(
    ({ itt, of, what }) =>
      `TaskManagementRequest immediate function=${what} itt=${itt} referencedTaskTag=${of}`,
  );
const ping = fc.constant("NopOut itt=30 data=20*63");
const step = fc.oneof(command, dataOut, management, ping);

function run(wire: Wire, lines: readonly string[]): void {
  let cmdSN = 1;
  for (const line of lines) {
    wire.send(parseLine(line, { cmdSN, ttt: 0xffffffff }).raw);
    if (!line.includes("immediate") && !line.startsWith("DataOut")) cmdSN += 1;
  }
}

test("any commands, data and aborts → StatSN has no gap, MaxCmdSN never moves back, all lent comes back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (lines) => {
      const { wire, login, end } = start();
      login('"MaxBurstLength=1024" "MaxOutstandingR2T=3" "InitialR2T=No"');
      run(wire, lines);
      await settled();
      const statSNs = wire.received.filter(carriesStatus).map((pdu) => pdu.statSN);
      expect(statSNs).toEqual(statSNs.map((_statSN, index) => index + 1));
      const maxCmdSNs = wire.received.map((pdu) => pdu.maxCmdSN);
      expect(maxCmdSNs).toEqual(maxCmdSNs.toSorted((a, b) => a - b));
      expect(wire.received.filter((pdu) => pdu.maxCmdSN < pdu.expCmdSN - 1)).toEqual([]);
      expect(await end()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test("a session whose bytes are damaged and cut anywhere → no throw, all lent comes back", async () => {
  const damage = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.array(damage, { maxLength: 6 }),
      fc.integer({ min: 1, max: 700 }),
      async (lines, damages, chunkBytes) => {
        const { wire, login, end } = start();
        login('"ImmediateData=Yes"');
        const raws: RawPdu[] = lines.map((line) => parseLine(line, { cmdSN: 1 }).raw);
        const bytes = joinViews(raws.flatMap((raw) => toWire(raw, noDigests)));
        for (const { at, to } of damages)
          if (bytes.byteLength > 0) bytes[at % bytes.byteLength] = to;
        wire.chunkBytes = chunkBytes;
        wire.sendBytes(bytes);
        await settled();
        expect(await end()).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

test("any PDU of an initiator after login → an answer, a close or silence, never a throw", async () => {
  const kinds = [
    "NopOut",
    "ScsiCommand",
    "TaskManagementRequest",
    "LoginRequest",
    "TextRequest",
    "DataOut",
    "LogoutRequest",
    "SnackRequest",
  ] as const;
  const any = fc
    .constantFrom(...kinds)
    .chain((kind) => valuesOf(kind).map((values) => encodeValues(kind, values)));
  await fc.assert(
    fc.asyncProperty(fc.array(any, { maxLength: 8 }), async (raws) => {
      const { wire, login, end } = start();
      login("");
      for (const raw of raws) wire.send(raw);
      await settled();
      expect(await end()).toBe(0);
    }),
    { numRuns: 200 },
  );
});
