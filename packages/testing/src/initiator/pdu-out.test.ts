/** Bytes on the wire, spelled out by hand from the figures of RFC 7143 11. */
import { expect, test } from "vitest";
import * as pdu from "./pdu-out.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => text.replace(/\s/g, "");
const numbers = { initiatorTaskTag: 0x01020304, cmdSN: 0x11121314, expStatSN: 0x21222324 };
const lun = pdu.encodeLun(1);

test("SCSI Command → 11.3", () => {
  const made = pdu.encodeScsiCommand({
    ...numbers,
    lun,
    cdb: Uint8Array.from([0x0a, 0, 0, 2, 0, 0]),
    read: false,
    write: true,
    final: true,
    expectedDataTransferLength: 512,
    immediateDataLength: 512,
  });
  expect(hex(made)).toBe(
    bytes(`01a10000 00000200 0001000000000000 01020304 00000200 11121314 21222324
      0a000002000000000000000000000000`),
  );
});

test("Data-Out → 11.7", () => {
  const made = pdu.encodeDataOut({
    lun,
    final: true,
    initiatorTaskTag: 0x01020304,
    targetTransferTag: 0x0a0b0c0d,
    expStatSN: 0x21222324,
    dataSN: 3,
    bufferOffset: 0x10000,
    dataLength: 0x2000,
  });
  expect(hex(made)).toBe(
    bytes(`05800000 00002000 0001000000000000 01020304 0a0b0c0d 00000000 21222324
      00000000 00000003 00010000 00000000`),
  );
});

test("Task Management Function Request → 11.5, immediate", () => {
  const made = pdu.encodeTaskManagementRequest({
    ...numbers,
    lun,
    function: "abortTask",
    referencedTaskTag: 0x99,
    refCmdSN: 0x11121310,
  });
  expect(hex(made)).toBe(
    bytes(`42810000 00000000 0001000000000000 01020304 00000099 11121314 21222324
      11121310 00000000 00000000 00000000`),
  );
});

test("Login Request → 11.12, immediate, with stages", () => {
  const made = pdu.encodeLoginRequest({
    ...numbers,
    transit: true,
    currentStage: 1,
    nextStage: 3,
    isid: Uint8Array.from([0x80, 1, 2, 3, 4, 5]),
    tsih: 0x0607,
    cid: 0x0809,
    dataLength: 10,
  });
  expect(hex(made)).toBe(
    bytes(`43870000 0000000a 800102030405 0607 01020304 08090000 11121314 21222324
      00000000 00000000 00000000 00000000`),
  );
});

test("Text Request → 11.10", () => {
  const tags = { final: true, continues: false, targetTransferTag: 0xffff_ffff, dataLength: 3 };
  expect(hex(pdu.encodeTextRequest({ ...numbers, ...tags }))).toBe(
    bytes(`04800000 00000003 0000000000000000 01020304 ffffffff 11121314 21222324
      00000000 00000000 00000000 00000000`),
  );
});

test("NOP-Out → 11.18", () => {
  const made = pdu.encodeNopOut({
    ...numbers,
    immediate: true,
    lun,
    targetTransferTag: 0xffff_ffff,
    dataLength: 0,
  });
  expect(hex(made)).toBe(
    bytes(`40800000 00000000 0001000000000000 01020304 ffffffff 11121314 21222324
      00000000 00000000 00000000 00000000`),
  );
});

test("Logout Request → 11.14, immediate", () => {
  const made = pdu.encodeLogoutRequest({ ...numbers, reason: "closeConnection", cid: 5 });
  expect(hex(made)).toBe(
    bytes(`46810000 00000000 0000000000000000 01020304 00050000 11121314 21222324
      00000000 00000000 00000000 00000000`),
  );
});

test("a LUN past 255 → flat space addressing", () => {
  expect(hex(pdu.encodeLun(300))).toBe("412c000000000000");
});
