/** REPORT SUPPORTED OPERATION CODES, REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS (SPC-5 6.36, 6.37). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { driveCommands } from "../../ssc/commands.ts";
import { hex, loadedDrive } from "../../testing-initiator.ts";

test("all → one descriptor a command, ascending; with RCTD the timeouts", async () => {
  const { host } = await loadedDrive();
  const plain = await host.send("a3 0c 00 00 00 00 00 00 ff ff 00 00");
  expect(readBe(plain.data, 0, 4)).toBe(driveCommands.length * 8);
  expect(hex(plain.data.subarray(4, 12))).toBe("0000000000000006");
  const timed = await host.send("a3 0c 80 00 00 00 00 00 ff ff 00 00");
  expect(readBe(timed.data, 0, 4)).toBe(driveCommands.length * 20);
  expect(hex(timed.data.subarray(4, 24))).toBe("0000000000020006000a0000000000000000003c");
});

test.each([
  ["by opcode", "a3 0c 01 0a 00 00 00 00 ff ff 00 00", "000300060a01ffffff00"],
  [
    "by opcode with timeouts",
    "a3 0c 81 10 00 00 00 00 ff ff 00 00",
    "008300061003ffffff00000a00000000000000000384",
  ],
  ["an unknown opcode", "a3 0c 01 d7 00 00 00 00 ff ff 00 00", "00010000"],
  [
    "by service action",
    "a3 0c 02 34 00 06 00 00 ff ff 00 00",
    "0003000a3406000000000 0ffff00".replace(" ", ""),
  ],
  ["an unknown service action", "a3 0c 02 34 00 07 00 00 ff ff 00 00", "00010000"],
  ["either way", "a3 0c 03 00 00 00 00 00 ff ff 00 00", "00030006000000000000"],
])("one command, %s → its usage data", async (_condition, cdb, expected) => {
  const { host } = await loadedDrive();
  expect(hex((await host.send(cdb)).data)).toBe(expected);
});

test.each([
  ["opcode alone, where there are service actions", "a3 0c 01 34 00 00 00 00 ff ff 00 00"],
  ["service action, where there are none", "a3 0c 02 0a 00 00 00 00 ff ff 00 00"],
  ["reporting option 5", "a3 0c 05 0a 00 00 00 00 ff ff 00 00"],
])("%s → INVALID FIELD IN CDB", async (_condition, cdb) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe("invalidFieldInCdb, cdb 2 bit 2");
});

test("task management functions → abort task, abort and clear task set, unit and target reset", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send("a3 0d 00 00 00 00 00 00 00 ff 00 00")).data)).toBe("da000000");
  expect(hex((await host.send("a3 0d 80 00 00 00 00 00 00 ff 00 00")).data)).toBe(
    `da00000c${"00".repeat(12)}`,
  );
});
