/** SEND DIAGNOSTIC and RECEIVE DIAGNOSTIC RESULTS (SPC-5 6.45, 6.28). */
import { expect, test } from "vitest";
import { hex, loadedDrive } from "../../testing-initiator.ts";

test.each(["1c 01 00 00 ff 00", "1c 00 00 00 ff 00"])("%s → the supported pages", async (cdb) => {
  const { host } = await loadedDrive();
  expect(hex((await host.send(cdb)).data)).toBe("0000000100");
});

test.each([
  ["default self-test", "1d 04 00 00 00 00", "GOOD"],
  ["background short self-test", "1d 20 00 00 00 00", "GOOD"],
  ["foreground extended self-test", "1d c0 00 00 00 00", "GOOD"],
  ["abort of a self-test", "1d 80 00 00 00 00", "invalidFieldInCdb, cdb 1 bit 7"],
  ["self-test code 3", "1d 60 00 00 00 00", "invalidFieldInCdb, cdb 1 bit 7"],
  ["SELFTEST with a code", "1d 24 00 00 00 00", "invalidFieldInCdb, cdb 1 bit 7"],
  ["page 00h", "1d 10 00 00 04 00", "GOOD"],
  ["a page without PF", "1d 00 00 00 04 00", "invalidFieldInCdb, cdb 1 bit 4"],
  ["a page with a self-test", "1d 14 00 00 04 00", "invalidFieldInCdb, cdb 3 bit 7"],
  ["half a page", "1d 10 00 00 03 00", "parameterListLengthError"],
  ["unknown page received", "1c 01 40 00 ff 00", "invalidFieldInCdb, cdb 2 bit 7"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb, new Uint8Array(4))).toBe(told);
});

test("unknown page sent → INVALID FIELD IN PARAMETER LIST", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("1d 10 00 00 04 00", Uint8Array.of(0x40, 0, 0, 0))).toBe(
    "invalidFieldInParameterList, data 0",
  );
});
