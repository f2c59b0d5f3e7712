/** CDB fields, and what is derived from a layout. */
import { expect, test } from "vitest";
import { Call } from "./call.ts";
import { bit, bits, defineCommand, int, uint } from "./cdb.ts";
import { good } from "./completion.ts";
import { Initiator, hex, loadedDrive } from "./testing-initiator.ts";

const row = { name: "TEST", direction: "none" } as const;

test("layout → length by group code, usage bits, decoded fields", async () => {
  const command = defineCommand({
    ...row,
    opcode: 0x2b,
    serviceAction: 0x01,
    cdb: { flag: bit(2, 7), kind: bits(2, 3, 1), address: uint(3, 4) },
    execute: (seen: unknown[], cdb) => {
      seen.push(cdb);
      return good();
    },
  });
  expect(command.length).toBe(10);
  expect(hex(command.usage)).toBe("2b018effffffff000000");
  const { drive } = await loadedDrive();
  const seen: unknown[] = [];
  const task = new Initiator(drive.logicalUnit).task("2b 01 84 00 00 4e 20 00 00 00");
  await command.run(seen, new Call(task));
  expect(seen).toEqual([{ flag: true, kind: 2, address: 20_000 }]);
});

test.each([
  ["an operation code of a group without a length", { opcode: 0x7f, cdb: {} }],
  ["a field over the control byte", { opcode: 0x00, cdb: { wrong: uint(4, 2) } }],
  ["a field over the operation code", { opcode: 0x00, cdb: { wrong: bit(0, 1) } }],
] as const)("%s → refused when it is defined", (_fault, part) => {
  expect(() => defineCommand({ ...row, ...part, execute: () => good() })).toThrow("TEST");
});

test("fields of a CDB → read as T10 numbers them", async () => {
  const { drive } = await loadedDrive();
  const task = new Initiator(drive.logicalUnit).task("11 0b ff ff fe 00 00 00 00 00 00 00");
  const { cdb } = new Call(task);
  expect(bit(1, 3).read(cdb)).toBe(true);
  expect(bit(1, 2).read(cdb)).toBe(false);
  expect(bits(1, 3, 0).read(cdb)).toBe(11);
  expect(uint(2, 3).read(cdb)).toBe(0xfffffe);
  expect(int(2, 3).read(cdb)).toBe(-2);
});
