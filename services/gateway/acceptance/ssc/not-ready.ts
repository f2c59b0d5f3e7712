/** An empty drive: what needs a cartridge is NOT READY 3A/00, what does not is served (SSC-5 4.2.19, table of commands). */
import assert from "node:assert/strict";
import {
  cdb,
  inquiryPage,
  logSense,
  modeSense10,
  readAttribute,
  supportedOpcodes,
} from "../cdb.ts";
import { type Check, group } from "../check.ts";
import { checkCondition, describe, isUnknown } from "../expect.ts";

/** Every command that needs a cartridge, with nothing in it but its code. */
const NEEDS_MEDIUM = [
  ["TEST UNIT READY", cdb(0x00, 6)],
  ["REWIND", cdb(0x01, 6)],
  ["FORMAT MEDIUM", cdb(0x04, 6)],
  ["READ(6)", cdb(0x08, 6)],
  ["WRITE(6)", cdb(0x0a, 6)],
  ["SET CAPACITY", cdb(0x0b, 6)],
  ["WRITE FILEMARKS(6)", cdb(0x10, 6)],
  ["SPACE(6)", cdb(0x11, 6)],
  ["VERIFY(6)", cdb(0x13, 6)],
  ["ERASE(6)", cdb(0x19, 6)],
  ["LOAD UNLOAD", cdb(0x1b, 6, { 4: 1 })],
  ["LOCATE(10)", cdb(0x2b, 10)],
  ["READ POSITION (short form)", cdb(0x34, 10)],
  ["READ POSITION (short form, vendor)", cdb(0x34, 10, { 1: 1 })],
  ["READ POSITION (long form)", cdb(0x34, 10, { 1: 6 })],
  ["READ POSITION (extended form)", cdb(0x34, 10, { 1: 8, 8: 32 })],
  ["REPORT DENSITY SUPPORT", cdb(0x44, 10, { 1: 1, 8: 64 })],
  ["WRITE FILEMARKS(16)", cdb(0x80, 16)],
  ["ALLOW OVERWRITE", cdb(0x82, 16)],
  ["READ(16)", cdb(0x88, 16)],
  ["WRITE(16)", cdb(0x8a, 16)],
  ["READ ATTRIBUTE", readAttribute(0, 0)],
  ["VERIFY(16)", cdb(0x8f, 16)],
  ["SPACE(16)", cdb(0x91, 16)],
  ["LOCATE(16)", cdb(0x92, 16)],
  ["ERASE(16)", cdb(0x93, 16)],
  ["READ MEDIA SERIAL NUMBER", cdb(0xab, 12, { 1: 1, 9: 64 })],
] as const;

/** What hosts ask of a drive whether there is a cartridge in it or not. */
const NEEDS_NONE = [
  ["REQUEST SENSE", cdb(0x03, 6, { 4: 18 })],
  ["READ BLOCK LIMITS", cdb(0x05, 6)],
  ["INQUIRY", cdb(0x12, 6, { 4: 36 })],
  ["INQUIRY, VPD", inquiryPage(0x83)],
  ["MODE SENSE(10)", modeSense10(0x3f)],
  ["LOG SENSE", logSense(0)],
  ["REPORT DENSITY SUPPORT, all", cdb(0x44, 10, { 8: 64 })],
  ["REPORT LUNS", cdb(0xa0, 12, { 9: 16 })],
  ["REPORT SUPPORTED OPERATION CODES", supportedOpcodes()],
  ["PREVENT ALLOW MEDIUM REMOVAL", cdb(0x1e, 6)],
] as const;

type Row = readonly [string, string, Check["run"]];

const refused = NEEDS_MEDIUM.map(([name, command]): Row => [
  `${name} → NOT READY 3A/00, and no transfer asked for`,
  "SSC-5 4.2.19",
  async (bench) => {
    const result = await (await bench.drive()).raw(command, { dataInLength: 256 });
    if (isUnknown(result)) return;
    checkCondition(name, result, { key: "NOT READY", code: 0x3a00 });
    assert.equal(result.r2tCount, 0);
  },
]);

const served = NEEDS_NONE.map(([name, command]): Row => [
  `${name} → GOOD`,
  "SPC-5 4.2",
  async (bench) => {
    const result = await (await bench.drive()).raw(command, { dataInLength: 0x10000 });
    if (!isUnknown(result)) assert.equal(result.status, 0, describe(result));
  },
]);

export const notReady = group("no cartridge", "changer", [...refused, ...served]);
