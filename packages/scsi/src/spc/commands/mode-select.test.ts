/** MODE SELECT(6), MODE SELECT(10) (SPC-5 6.12, 6.13). */
import { expect, test } from "vitest";
import { defaultModeParameters } from "../../ssc/mode-parameters.ts";
import { testChanger } from "../../testing-changer.ts";
import { loadedDrive, pattern } from "../../testing-initiator.ts";

const list = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const length = (bytes: Uint8Array) => bytes.length.toString(16).padStart(2, "0");

async function select(text: string) {
  const bench = await loadedDrive();
  const data = list(text);
  return { ...bench, told: await bench.host.tell(`15 10 00 00 ${length(data)} 00`, data) };
}

test("block length as mt setblk sets it → kept; the others are told once", async () => {
  const { told, drive, host, other } = await select("00 00 10 08 00 000000 00 000200");
  expect(told).toBe("GOOD");
  expect(drive.parameters.blockLength).toBe(512);
  expect(await other.tell("00")).toBe("modeParametersChanged");
  expect(await other.tell("00")).toBe("GOOD");
  expect(await host.tell("00")).toBe("GOOD");
  expect(host.dataOutHeld).toBe(0);
});

test("nothing changed → nobody is told", async () => {
  const { told, other } = await select("00 00 10 08 5e 000000 00 000000");
  expect(told).toBe("GOOD");
  expect(await other.tell("00")).toBe("GOOD");
});

test("what MODE SENSE of all pages gives → taken back, 6 and 10", async () => {
  const { host } = await loadedDrive();
  const six = await host.send("1a 00 3f 00 ff 00");
  expect(await host.tell(`15 10 00 00 ${length(six.data)} 00`, six.data)).toBe("GOOD");
  const ten = await host.send("5a 00 3f 00 00 00 00 10 00 00");
  expect(await host.tell(`55 10 00 00 00 00 00 00 ${length(ten.data)} 00`, ten.data)).toBe("GOOD");
});

test("compression off → DCE clear", async () => {
  const { told, drive } = await select(`00 00 10 00 0f 0e 40 80 ${"00".repeat(12)}`);
  expect(told).toBe("GOOD");
  expect(drive.parameters.compressionEnabled).toBe(false);
});

test("unbuffered mode → stores what is buffered, and tells a failure", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await host.tell("15 10 00 00 04 00", list("00000000"))).toBe("writeError");
  await host.tell("0a 00 00 00 04 00", pattern(4));
  expect(medium.synchronizedCount).toBe(2);
});

test.each([
  ["shorter than its header", "00 00 10", "parameterListLengthError"],
  ["shorter than its block descriptor", "00 00 10 08 00 00", "parameterListLengthError"],
  ["shorter than its page", "00 00 10 00 0f 0e c0", "parameterListLengthError"],
  ["ends inside a page header", "00 00 10 00 0f", "parameterListLengthError"],
  ["buffered mode 2", "00 00 20 00", "invalidFieldInParameterList, data 2 bit 6"],
  ["a speed", "00 00 11 00", "invalidFieldInParameterList, data 2 bit 3"],
  [
    "a block descriptor of 7 bytes",
    "00 00 10 07 00000000000000",
    "invalidFieldInParameterList, data 3",
  ],
  ["density of LTO-9", "00 00 10 08 60 000000 00 000000", "invalidFieldInParameterList, data 4"],
  ["a number of blocks", "00 00 10 08 5e 000001 00 000000", "invalidFieldInParameterList, data 5"],
  [
    "block length over the limit",
    "00 00 10 08 5e 000000 00 800001",
    "invalidFieldInParameterList, data 9",
  ],
  ["an unknown page", "00 00 10 00 2a 00", "invalidFieldInParameterList, data 4 bit 5"],
  ["a page of wrong length", "00 00 10 00 0f 0c", "invalidFieldInParameterList, data 5"],
  [
    "a bit that cannot change",
    `00 00 10 00 0f 0e 80 80 ${"00".repeat(12)}`,
    "invalidFieldInParameterList, data 6 bit 6",
  ],
])("list that is or has %s → %s: %s, nothing changed", async (_condition, text, expected) => {
  const { told, drive, other } = await select(text);
  expect(told).toBe(expected);
  expect(drive.parameters).toEqual(defaultModeParameters);
  expect(await other.tell("00")).toBe("GOOD");
});

test("good block descriptor before a bad page → nothing changed", async () => {
  const { told, drive } = await select("00 00 10 08 00 000000 00 000200 2a 00");
  expect(told).toBe("invalidFieldInParameterList, data 12 bit 5");
  expect(drive.parameters.blockLength).toBe(0);
});

test.each([
  ["SP", "15 11 00 00 04 00", "GOOD"],
  ["parameter list length 0", "15 10 00 00 00 00", "GOOD"],
  ["a list of 65535 bytes", "55 10 00 00 00 00 00 ff ff 00", "parameterListLengthError"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb, list("00001000"))).toBe(told);
});

test("fewer bytes than the parameter list length → PARAMETER LIST LENGTH ERROR, Data-Out released", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("15 10 00 00 0c 00", list("00001008"))).toBe("parameterListLengthError");
  expect(host.dataOutHeld).toBe(0);
});

test("changer: a page taken back → GOOD; a changed one → INVALID FIELD IN PARAMETER LIST", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("1a 08 1d 00 88 00");
  const cdb = `15 10 00 00 ${length(data)} 00`;
  expect(await host.tell(cdb, data)).toBe("GOOD");
  const changed = Uint8Array.from(data);
  changed[7]! ^= 0x10;
  expect(await host.tell(cdb, changed)).toBe("invalidFieldInParameterList, data 7 bit 4");
  expect(await host.tell("15 10 00 00 0c 00", list("00 00 00 08 00000000 00000000"))).toBe(
    "invalidFieldInParameterList, data 3",
  );
});

test("all pages with one changed → that change stands, though a page that comes later says the old value too", async () => {
  const { host, drive } = await loadedDrive();
  const { data } = await host.send("5a 00 3f 00 00 00 00 10 00 00");
  const at = data.findIndex((_, offset) => data[offset] === 0x8f && data[offset + 1] === 0x0e);
  data[at + 2]! &= 0x7f;
  expect(await host.tell(`55 10 00 00 00 00 00 00 ${length(data)} 00`, data)).toBe("GOOD");
  expect(drive.parameters.compressionEnabled).toBe(false);
});
