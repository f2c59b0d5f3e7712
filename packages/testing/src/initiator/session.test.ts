/** The session against a scripted target: what it sends, what it makes of answers, what it refuses to accept. */
import { afterEach, expect, test } from "vitest";
import { type ConnectOptions, discover, openSession } from "./connect.ts";
import { IscsiError } from "./errors.ts";
import { INITIATOR_OPCODES, TARGET_OPCODES } from "./opcodes.ts";
import {
  dataIn,
  r2t,
  type Script,
  type ScriptedTarget,
  scsiResponse,
  startScriptedTarget,
} from "./scripted-target.ts";
import type { Session } from "./session.ts";
import { encodeText } from "./text.ts";

let target: ScriptedTarget | undefined;
let session: Session | undefined;

afterEach(async () => {
  session?.cut();
  await target?.close();
});

const start = async (script: Script, options: Partial<ConnectOptions> = {}): Promise<Session> => {
  target = await startScriptedTarget(script);
  const portal = { host: "127.0.0.1", port: target.port };
  session = await openSession({ portal, targetName: "iqn.2026-11.test:t", ...options });
  return session;
};

const KEYS = [["MaxRecvDataSegmentLength", "1024"]] as const;
const WRITE = [0x0a, 0, 0, 0, 0, 0];
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: unknown) => (error instanceof IscsiError ? error.kind : String(error)),
  );

/** [opcode, F, buffer offset, length] of what the target received. */
const received = () =>
  target?.requests.map(({ opcode, header, data }) => [
    opcode,
    header.readUInt8(1) >> 7,
    opcode === INITIATOR_OPCODES.dataOut ? header.readUInt32BE(40) : 0,
    data.length,
  ]);

test("Data-In in pieces → put together in order", async () => {
  const pieces = [dataIn(0, 0, Buffer.from("tape ")), dataIn(1, 5, Buffer.from("library"), 0)];
  const it = await start({ answer: () => pieces });
  const result = await it.command(Uint8Array.of(0x08), { dataInLength: 64 });
  expect(result.data.toString()).toBe("tape library");
  expect(result.status).toBe(0);
});

test.each([
  ["wrong DataSN", [dataIn(1, 0, Buffer.from("x"), 0)]],
  ["gap in the offsets", [dataIn(0, 4, Buffer.from("x"), 0)]],
  ["more than asked for", [dataIn(0, 0, Buffer.alloc(65), 0)]],
  ["R2T beyond the data", [r2t(0, 0, 1)]],
  ["response for no task", [{ ...scsiResponse(0), initiatorTaskTag: 0x777 }]],
  ["StatSN that stands still", [{ ...scsiResponse(0), fields: [[24, 4, 1]] as const }]],
  ["ExpCmdSN from the future", [{ ...scsiResponse(0), fields: [[28, 4, 99]] as const }]],
  ["opcode of an initiator", [{ opcode: 0x01 }]],
])("%s → the session ends as a protocol error", async (_name, replies) => {
  const it = await start({ answer: () => replies });
  expect(await kindOf(it.command(Uint8Array.of(0x08), { dataInLength: 64 }))).toBe("protocol");
});

test.each([
  [
    false,
    true,
    [
      [1, 0, 0, 1024],
      [5, 1, 1024, 1024],
      [5, 1, 2048, 452],
    ],
  ],
  [
    true,
    true,
    [
      [1, 1, 0, 1024],
      [5, 0, 1024, 1024],
      [5, 1, 2048, 452],
    ],
  ],
  [
    false,
    false,
    [
      [1, 0, 0, 0],
      [5, 0, 0, 1024],
      [5, 1, 1024, 1024],
      [5, 1, 2048, 452],
    ],
  ],
  [
    true,
    false,
    [
      [1, 1, 0, 0],
      [5, 0, 0, 1024],
      [5, 0, 1024, 1024],
      [5, 1, 2048, 452],
    ],
  ],
])(
  "InitialR2T=%s ImmediateData=%s → data goes in those PDUs",
  async (initialR2T, immediateData, want) => {
    const keys = [...KEYS, ["FirstBurstLength", "2048"]] as const;
    const unsolicited = immediateData ? 1024 : 0;
    const before = initialR2T ? unsolicited : 2048;
    const answer: Script["answer"] = ({ opcode, header, data }) => {
      const end = header.readUInt32BE(40) + data.length;
      if (opcode === INITIATOR_OPCODES.dataOut && end === 2500) return [scsiResponse(0)];
      const last = opcode === INITIATOR_OPCODES.dataOut ? end : unsolicited;
      const burstOver = last === before && header.readUInt8(1) >> 7 === 1;
      return burstOver ? [r2t(0, before, 2500 - before)] : [];
    };
    const it = await start({ answer, keys }, { initialR2T, immediateData });
    const result = await it.command(Uint8Array.from(WRITE), { dataOut: Buffer.alloc(2500, 7) });
    expect(result.r2tCount).toBe(1);
    expect(received()).toEqual(want);
  },
);

test("a window of two → the third command waits for an answer", async () => {
  const held: number[] = [];
  const answer: Script["answer"] = ({ header }) => {
    held.push(header.readUInt32BE(16));
    // The window opens with answers only: the first two commands are held back until both are there.
    return held.length < 2
      ? []
      : held.splice(0).map((tag) => ({ ...scsiResponse(0), initiatorTaskTag: tag }));
  };
  const it = await start({ answer, window: 2 });
  const commands = Array.from({ length: 4 }, () => it.command(Uint8Array.of(0)));
  await commands[1];
  expect(target?.requests.length).toBe(2);
  await Promise.all(commands);
  const numbers = target?.requests.map(({ header }) => header.readUInt32BE(24));
  expect(numbers).toEqual([1, 2, 3, 4]);
});

test("CHECK CONDITION with sense → parsed beside the raw bytes", async () => {
  const sense = Buffer.alloc(18);
  sense.set([0xf0, 0, 0x80, 0, 0, 0, 5, 10], 0);
  const it = await start({ answer: () => [scsiResponse(2, sense)] });
  const result = await it.command(Uint8Array.of(0x11));
  expect(result.sense).toMatchObject({ filemark: true, senseKey: 0, information: 5 });
  expect(result.senseBytes.equals(sense)).toBe(true);
});

test("the target's ping → answered with its tag", async () => {
  const it = await start({ answer: ({ opcode }) => (opcode === 1 ? [scsiResponse(0)] : []) });
  target?.push({
    opcode: TARGET_OPCODES.nopIn,
    withoutStatus: true,
    fields: [[20, 4, 0xabcd]],
  });
  await it.command(Uint8Array.of(0));
  const pong = target?.requests.find(({ opcode }) => opcode === INITIATOR_OPCODES.nopOut);
  expect(pong?.header.readUInt32BE(20)).toBe(0xabcd);
  expect(pong?.header.readUInt32BE(16)).toBe(0xffff_ffff);
});

test("Reject of a command → that command fails with the reason, the session lives", async () => {
  let first = true;
  const answer: Script["answer"] = ({ header }) => {
    if (!first) return [scsiResponse(0)];
    first = false;
    return [
      {
        opcode: TARGET_OPCODES.reject,
        fields: [[2, 1, 0x09]],
        data: header,
        initiatorTaskTag: 0xffff_ffff,
      },
    ];
  };
  const it = await start({ answer });
  await expect(it.command(Uint8Array.of(0))).rejects.toMatchObject({ kind: "rejected", code: 9 });
  expect((await it.command(Uint8Array.of(0))).status).toBe(0);
  expect(it.rejects.length).toBe(1);
});

test("LOGICAL UNIT RESET complete → commands of that unit end as aborted", async () => {
  const response = { opcode: TARGET_OPCODES.taskManagementResponse };
  const it = await start({ answer: ({ opcode }) => (opcode === 2 ? [response] : []) });
  const hanging = kindOf(it.command(Uint8Array.of(0), { lun: 3 }));
  expect(await it.manage("logicalUnitReset", { lun: 3 })).toBe(0);
  expect(await hanging).toBe("aborted");
});

test("the connection is cut → everything in flight ends as closed", async () => {
  const it = await start({ answer: () => [] });
  const waiting = [kindOf(it.command(Uint8Array.of(0))), kindOf(it.ping())];
  await target?.close();
  expect(await Promise.all(waiting)).toEqual(["closed", "closed"]);
  expect(await kindOf(it.command(Uint8Array.of(0)))).toBe("closed");
});

test("no answer in time → timeout, and a late answer does no harm", async () => {
  const late: (() => void)[] = [];
  const answer: Script["answer"] = ({ header }) => {
    if (late.length > 0) return [scsiResponse(0)];
    const initiatorTaskTag = header.readUInt32BE(16);
    late.push(() => target?.push({ ...scsiResponse(0), initiatorTaskTag }));
    return [];
  };
  const it = await start({ answer });
  expect(await kindOf(it.command(Uint8Array.of(0), { timeoutMs: 20 }))).toBe("timeout");
  late[0]?.();
  expect((await it.command(Uint8Array.of(0))).status).toBe(0);
});

test("login refused → status class and detail in the error", async () => {
  const refused = start({ answer: () => [], loginStatus: 0x0203 });
  await expect(refused).rejects.toMatchObject({ kind: "login refused", code: 0x0203 });
});

test("an answer that was not offered → protocol error", async () => {
  const refused = start({ answer: () => [], keys: [["HeaderDigest", "CRC32C"]] });
  expect(await kindOf(refused)).toBe("protocol");
});

test("SendTargets over two text responses → every target with its addresses", async () => {
  const parts = [
    [
      ["TargetName", "iqn.a"],
      ["TargetAddress", "127.0.0.1:1,1"],
      ["TargetName", "iqn.b"],
    ],
    [["TargetAddress", "[::1]:2,1"]],
  ] as const;
  let part = 0;
  const answer: Script["answer"] = ({ opcode }) => {
    if (opcode === INITIATOR_OPCODES.logoutRequest)
      return [{ opcode: TARGET_OPCODES.logoutResponse }];
    const tag = part === 0 ? 0x55 : 0xffff_ffff;
    const flags = part === 0 ? 0x00 : 0x80;
    const data = encodeText(parts[part++] ?? []);
    return [{ opcode: TARGET_OPCODES.textResponse, flags, fields: [[20, 4, tag]], data }];
  };
  target = await startScriptedTarget({ answer });
  const targets = await discover({ portal: { host: "127.0.0.1", port: target.port } });
  expect(targets).toEqual([
    { targetName: "iqn.a", addresses: ["127.0.0.1:1,1"] },
    { targetName: "iqn.b", addresses: ["[::1]:2,1"] },
  ]);
});

test("a tampered PDU → goes out as the test wants it", async () => {
  const it = await start(
    { answer: () => [scsiResponse(0)] },
    {
      tamper: (pdu) => {
        if ((pdu.header.readUInt8(0) & 0x3f) === INITIATOR_OPCODES.scsiCommand)
          pdu.header[33] = 0x5a;
        return pdu;
      },
    },
  );
  await it.command(Uint8Array.of(0));
  expect(target?.requests[0]?.header[33]).toBe(0x5a);
});
