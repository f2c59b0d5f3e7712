/** READ BUFFER(10) and WRITE BUFFER(10) (SPC-5 6.18, 6.52). */
import { expect, test } from "vitest";
import { be } from "../../bytes.ts";
import { hex, loadedDrive, pattern } from "../../testing-initiator.ts";

const cdb = (opcode: string, mode: number, offset: number, length: number, id = 0) =>
  `${opcode} ${hex(be(mode, 1))} ${hex(be(id, 1))} ${hex(be(offset, 3))} ${hex(be(length, 3))} 00`;
const read = (mode: number, offset: number, length: number, id = 0) =>
  cdb("3c", mode, offset, length, id);
const write = (mode: number, offset: number, length: number, id = 0) =>
  cdb("3b", mode, offset, length, id);

test("nothing written → zeros, and a descriptor of 64 KiB at any byte", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send(read(2, 0, 4))).data)).toBe("00000000");
  expect(hex((await host.send(read(3, 0, 4))).data)).toBe("00010000");
  expect(hex((await host.send(read(0, 0, 6))).data)).toBe("000100000000");
});

test("data written at an offset → read there, by any nexus", async () => {
  const { host, other } = await loadedDrive();
  expect(await host.tell(write(2, 65_532, 4), pattern(4))).toBe("GOOD");
  expect((await other.send(read(2, 65_530, 64))).data).toEqual(
    Buffer.concat([Buffer.alloc(2), pattern(4)]),
  );
  expect((await other.send(read(2, 65_536, 64))).data.length).toBe(0);
});

test("header and data → the data without its header", async () => {
  const { host } = await loadedDrive();
  const list = Buffer.concat([Buffer.alloc(4), pattern(3)]);
  expect(await host.tell(write(0, 0, 7), list)).toBe("GOOD");
  expect(hex((await host.send(read(2, 0, 3))).data)).toBe(hex(pattern(3)));
  expect(hex((await host.send(read(0, 0, 7))).data)).toBe(`00010000${hex(pattern(3))}`);
});

test("echo → what the same nexus wrote, COMMAND SEQUENCE ERROR for one that wrote nothing", async () => {
  const { host, other } = await loadedDrive();
  expect(await host.tell(read(0x0a, 0, 100))).toBe("commandSequenceError");
  await host.tell(write(0x0a, 0, 20), pattern(20));
  expect(hex((await host.send(read(0x0a, 0, 100))).data)).toBe(hex(pattern(20)));
  expect(await other.tell(read(0x0a, 0, 100))).toBe("commandSequenceError");
  expect(hex((await host.send(read(0x0b, 0, 4))).data)).toBe("00001000");
});

test("descriptor of a buffer that is none → zeros", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send(read(3, 0, 4, 7))).data)).toBe("00000000");
});

test.each([
  ["mode 04h, microcode", write(4, 0, 4), "invalidFieldInCdb, cdb 1 bit 4"],
  ["mode 1Ch, error history", read(0x1c, 0, 4), "invalidFieldInCdb, cdb 1 bit 4"],
  ["buffer 1 read", read(2, 0, 4, 1), "invalidFieldInCdb, cdb 2 bit 7"],
  ["buffer 1 written", write(2, 0, 4, 1), "invalidFieldInCdb, cdb 2 bit 7"],
  ["offset beyond the buffer", read(2, 65_537, 4), "invalidFieldInCdb, cdb 3 bit 7"],
  ["data beyond the buffer", write(2, 65_534, 4), "invalidFieldInCdb, cdb 6 bit 7"],
  ["offset with header and data", read(0, 4, 4), "invalidFieldInCdb, cdb 3 bit 7"],
  ["echo of 4097 bytes", write(0x0a, 0, 4097), "invalidFieldInCdb, cdb 6 bit 7"],
  ["half a header", write(0, 0, 3), "parameterListLengthError"],
])("%s → %s%s", async (_condition, text, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(text, pattern(4))).toBe(told);
});
