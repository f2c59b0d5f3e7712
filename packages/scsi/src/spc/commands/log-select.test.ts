/** LOG SELECT (SPC-5 6.8). */
import { expect, test } from "vitest";
import { loadedDrive, pattern } from "../../testing-initiator.ts";

async function failed() {
  const bench = await loadedDrive();
  bench.medium.faults.set("writeBlocks", "write");
  await bench.host.tell("0a 00 00 00 04 00", pattern(4));
  const raised = async () => {
    const { data } = await bench.other.send("4d 00 6e 00 00 00 00 ff ff 00");
    return data
      .subarray(4)
      .filter((_, at) => at % 5 === 4)
      .some((flag) => flag === 1);
  };
  return { ...bench, raised };
}

test.each([
  ["PCR of all pages", "4c 02 00 00 00 00 00 00 00 00"],
  ["PCR of the page", "4c 02 2e 00 00 00 00 00 00 00"],
  ["default cumulative values of all pages", "4c 00 c0 00 00 00 00 00 00 00"],
])("%s → TapeAlert flags cleared, the others told once", async (_condition, cdb) => {
  const { host, other, raised } = await failed();
  expect(await host.tell(cdb)).toBe("GOOD");
  expect(await other.tell("00")).toBe("logParametersChanged");
  expect(await other.tell("00")).toBe("GOOD");
  expect(await raised()).toBe(false);
});

test.each([
  ["no PCR", "4c 00 40 00 00 00 00 00 00 00", "GOOD"],
  ["default thresholds", "4c 00 80 00 00 00 00 00 00 00", "GOOD"],
  ["a list of a page without parameters", "4c 00 40 00 00 00 00 00 04 00", "GOOD"],
  ["SP", "4c 01 40 00 00 00 00 00 00 00", "savingParametersNotSupported"],
  ["PCR with a list", "4c 02 00 00 00 00 00 00 04 00", "invalidFieldInCdb, cdb 1 bit 1"],
  ["a page with a list", "4c 00 6e 00 00 00 00 00 04 00", "invalidFieldInCdb, cdb 2 bit 5"],
  ["a subpage with a list", "4c 00 40 01 00 00 00 00 04 00", "invalidFieldInCdb, cdb 3 bit 7"],
  ["unknown page", "4c 02 7d 00 00 00 00 00 00 00", "invalidFieldInCdb, cdb 2 bit 5"],
  ["half a page header", "4c 00 40 00 00 00 00 00 03 00", "parameterListLengthError"],
  ["a parameter", "4c 00 40 00 00 00 00 00 0d 00", "invalidFieldInParameterList, data 8"],
])("%s → %s: %s, flags kept", async (_condition, cdb, told) => {
  const { host, other, raised } = await failed();
  const list = Uint8Array.of(0x2e, 0, 0, 0, 0x2e, 0, 0, 5, 0, 1, 0x40, 1, 0);
  const cut = told.includes("data 8") ? list : list.subarray(0, 4);
  expect(await host.tell(cdb, cut)).toBe(told);
  expect(await other.tell("00")).toBe("GOOD");
  expect(await raised()).toBe(true);
});

test("unknown page in the list → INVALID FIELD IN PARAMETER LIST", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("4c 00 40 00 00 00 00 00 04 00", Uint8Array.of(0x3d, 0, 0, 0))).toBe(
    "invalidFieldInParameterList, data 0 bit 5",
  );
});
