/** Bytes as RFC 7143 chapter 11 draws them, written by hand: each parses to the fields shown, and is generated from them. */
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../protocol-error.ts";
import { joinViews } from "./data-segment.ts";
import { type Kind, codecs, encodeValues } from "./pdu-arbitrary.ts";

const NO_LUN = "0000000000000000";
const LUN_1 = "0001000000000000";

/** Kind, header in words of four bytes, and the values that are not zero. */
const fixtures: readonly (readonly [Kind, string, Record<string, unknown>])[] = [
  [
    "NopOut",
    `40800000 00000000 ${LUN_1} 00000002 ffffffff 00000003 00000004 00000000 00000000 00000000 00000000`,
    {
      immediate: true,
      lun: LUN_1,
      initiatorTaskTag: 2,
      targetTransferTag: 0xffffffff,
      cmdSN: 3,
      expStatSN: 4,
    },
  ],
  [
    "ScsiCommand",
    `01a20000 00000000 ${LUN_1} 00000002 00010000 00000003 00000004 0a000001 00000000 00000000 00000000`,
    {
      final: true,
      write: true,
      attributes: 2,
      lun: LUN_1,
      initiatorTaskTag: 2,
      expectedDataTransferLength: 65536,
      cmdSN: 3,
      expStatSN: 4,
      cdb: "0a000001000000000000000000000000",
    },
  ],
  [
    "TaskManagementRequest",
    `42810000 00000000 ${LUN_1} 00000002 00000001 00000003 00000004 00000005 00000006 00000000 00000000`,
    {
      immediate: true,
      function: 1,
      lun: LUN_1,
      initiatorTaskTag: 2,
      referencedTaskTag: 1,
      cmdSN: 3,
      expStatSN: 4,
      refCmdSN: 5,
      expDataSN: 6,
    },
  ],
  [
    "LoginRequest",
    `43870000 00000000 80123456 789a0007 00000002 00010000 00000003 00000004 00000000 00000000 00000000 00000000`,
    {
      immediate: true,
      transit: true,
      csg: 1,
      nsg: 3,
      isid: "80123456789a",
      tsih: 7,
      initiatorTaskTag: 2,
      cid: 1,
      cmdSN: 3,
      expStatSN: 4,
    },
  ],
  [
    "TextRequest",
    `04800000 00000000 ${NO_LUN} 00000002 ffffffff 00000003 00000004 00000000 00000000 00000000 00000000`,
    { final: true, initiatorTaskTag: 2, targetTransferTag: 0xffffffff, cmdSN: 3, expStatSN: 4 },
  ],
  [
    "DataOut",
    `05800000 00000000 ${LUN_1} 00000002 00000009 00000000 00000004 00000000 00000005 00000200 00000000`,
    {
      final: true,
      lun: LUN_1,
      initiatorTaskTag: 2,
      targetTransferTag: 9,
      expStatSN: 4,
      dataSN: 5,
      bufferOffset: 512,
    },
  ],
  [
    "LogoutRequest",
    `06810000 00000000 ${NO_LUN} 00000002 00010000 00000003 00000004 00000000 00000000 00000000 00000000`,
    { reasonCode: 1, initiatorTaskTag: 2, cid: 1, cmdSN: 3, expStatSN: 4 },
  ],
  [
    "SnackRequest",
    `10820000 00000000 ${NO_LUN} 00000002 00000009 00000000 00000004 00000000 00000000 00000005 00000006`,
    { type: 2, initiatorTaskTag: 2, targetTransferTag: 9, expStatSN: 4, begRun: 5, runLength: 6 },
  ],
  [
    "NopIn",
    `20800000 00000000 ${NO_LUN} ffffffff 00000009 00000003 00000004 00000005 00000000 00000000 00000000`,
    { initiatorTaskTag: 0xffffffff, targetTransferTag: 9, statSN: 3, expCmdSN: 4, maxCmdSN: 5 },
  ],
  [
    "ScsiResponse",
    `21820002 00000000 ${NO_LUN} 00000002 00000000 00000003 00000004 00000005 00000006 00000000 00000200`,
    {
      residualUnderflow: true,
      status: 2,
      initiatorTaskTag: 2,
      statSN: 3,
      expCmdSN: 4,
      maxCmdSN: 5,
      expDataSN: 6,
      residualCount: 512,
    },
  ],
  [
    "TaskManagementResponse",
    `2280ff00 00000000 ${NO_LUN} 00000002 00000000 00000003 00000004 00000005 00000000 00000000 00000000`,
    { response: 255, initiatorTaskTag: 2, statSN: 3, expCmdSN: 4, maxCmdSN: 5 },
  ],
  [
    "LoginResponse",
    `23870000 00000000 80123456 789a0007 00000002 00000000 00000003 00000004 00000005 02070000 00000000 00000000`,
    {
      transit: true,
      csg: 1,
      nsg: 3,
      isid: "80123456789a",
      tsih: 7,
      initiatorTaskTag: 2,
      statSN: 3,
      expCmdSN: 4,
      maxCmdSN: 5,
      statusClass: 2,
      statusDetail: 7,
    },
  ],
  [
    "TextResponse",
    `24400000 00000000 ${NO_LUN} 00000002 00000009 00000003 00000004 00000005 00000000 00000000 00000000`,
    {
      continue: true,
      initiatorTaskTag: 2,
      targetTransferTag: 9,
      statSN: 3,
      expCmdSN: 4,
      maxCmdSN: 5,
    },
  ],
  [
    "DataIn",
    `25830000 00000000 ${NO_LUN} 00000002 ffffffff 00000003 00000004 00000005 00000006 00000200 00000007`,
    {
      final: true,
      residualUnderflow: true,
      hasStatus: true,
      initiatorTaskTag: 2,
      targetTransferTag: 0xffffffff,
      statSN: 3,
      expCmdSN: 4,
      maxCmdSN: 5,
      dataSN: 6,
      bufferOffset: 512,
      residualCount: 7,
    },
  ],
  [
    "LogoutResponse",
    `26800200 00000000 ${NO_LUN} 00000002 00000000 00000003 00000004 00000005 00000000 00020014 00000000`,
    {
      response: 2,
      initiatorTaskTag: 2,
      statSN: 3,
      expCmdSN: 4,
      maxCmdSN: 5,
      time2Wait: 2,
      time2Retain: 20,
    },
  ],
  [
    "R2T",
    `31800000 00000000 ${LUN_1} 00000002 00000009 00000003 00000004 00000005 00000001 00000200 00000400`,
    {
      lun: LUN_1,
      initiatorTaskTag: 2,
      targetTransferTag: 9,
      statSN: 3,
      expCmdSN: 4,
      maxCmdSN: 5,
      r2tSN: 1,
      bufferOffset: 512,
      desiredDataTransferLength: 1024,
    },
  ],
  [
    "AsyncMessage",
    `32800000 00000000 ${NO_LUN} ffffffff 00000000 00000003 00000004 00000005 01000001 0002000a 00000000`,
    {
      statSN: 3,
      expCmdSN: 4,
      maxCmdSN: 5,
      asyncEvent: 1,
      parameter1: 1,
      parameter2: 2,
      parameter3: 10,
    },
  ],
  [
    "Reject",
    `3f800900 00000000 ${NO_LUN} ffffffff 00000000 00000003 00000004 00000005 00000006 00000000 00000000`,
    { reason: 9, statSN: 3, expCmdSN: 4, maxCmdSN: 5, dataSN: 6 },
  ],
];

/** Every field of the kind: the fixture's value, or zero. */
function allValues(kind: Kind, given: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = { immediate: given["immediate"] === true };
  for (const [name, field] of Object.entries(codecs[kind].fields)) {
    const value = given[name];
    if (field.kind === "bytes") values[name] = new Uint8Array(field.valueMax);
    else values[name] = value ?? (field.kind === "flag" ? false : 0);
    if (typeof value === "string") values[name] = new Uint8Array(Buffer.from(value, "hex"));
  }
  return values;
}

const bytesOf = (words: string): Uint8Array =>
  new Uint8Array(Buffer.from(words.replaceAll(" ", ""), "hex"));
const NONE = new Uint8Array(0);

describe.each(fixtures)("%s", (kind, words, given) => {
  const values = allValues(kind, given);

  test("the RFC's bytes → the fields", () => {
    const { data } = encodeValues(kind, values);
    const decoded = codecs[kind].decode({ bhs: bytesOf(words), ahs: NONE, data });
    expect(decoded).toMatchObject({ kind, ...values });
  });

  test("the fields → the RFC's bytes", () => {
    const raw = encodeValues(kind, values);
    expect(Buffer.from(raw.bhs).toString("hex")).toBe(words.replaceAll(" ", ""));
  });
});

test("every PDU → has a fixture", () => {
  expect(fixtures.map(([kind]) => kind).sort()).toEqual(Object.keys(codecs).sort());
});

describe("ScsiCommand with additional header segments", () => {
  const base = {
    ...allValues("ScsiCommand", { final: true, initiatorTaskTag: 2 }),
    write: true,
    read: true,
  };
  const cdb = Uint8Array.from({ length: 32 }, (_, index) => index);

  test("extended CDB and bidirectional read length → both AHSs, padded, and back", () => {
    const raw = encodeValues("ScsiCommand", { ...base, cdb, bidirectionalReadDataLength: 4096 });
    const tail = Buffer.from(cdb.subarray(16)).toString("hex");
    expect(Buffer.from(raw.ahs).toString("hex")).toBe(`00110100${tail}0005020000001000`);
    expect(raw.bhs[4]).toBe(7);
    expect(codecs.ScsiCommand.decode(raw)).toMatchObject({
      cdb,
      bidirectionalReadDataLength: 4096,
    });
  });

  test.each([
    ["an AHS longer than TotalAHSLength", "00110100"],
    ["an AHS of length zero", "00000100"],
    ["a reserved AHSType", "0005030000001000"],
    ["a read length of the wrong size", "0004020000001000"],
  ])("%s → Invalid PDU Field", (_what, ahs) => {
    const raw = encodeValues("ScsiCommand", { ...base, read: false });
    const decoded = codecs.ScsiCommand.decode({ ...raw, ahs: bytesOf(ahs) });
    expect(decoded).toBeInstanceOf(ProtocolError);
    expect(decoded).toMatchObject({ reason: "Invalid PDU Field" });
  });

  test("a PDU without AHS that has one → Protocol Error", () => {
    const raw = encodeValues("NopOut", allValues("NopOut", { immediate: true }));
    const decoded = codecs.NopOut.decode({ ...raw, ahs: joinViews([new Uint8Array(4)]) });
    expect(decoded).toMatchObject({ reason: "Protocol Error" });
  });
});
