/** SEND VOLUME TAG and REQUEST VOLUME ELEMENT ADDRESS (SMC-3 6.15, 6.13), which work as a pair. */
import { expect, test } from "vitest";
import { ascii, be, join, readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";

const send = (action = "05", type = "00", address = "00 00") =>
  `b6 ${type} ${address} 00 ${action} 00 00 00 28 00 00`;
const list = (template: string, minimum = 0) =>
  join(ascii(template, 32), be(0, 2), be(minimum, 2), be(0, 2), be(0xffff, 2));
const request = "b5 10 00 00 ff ff 00 00 10 00 00 00";

/** Addresses in the report; all its pages here have descriptors of 52 bytes. */
function addresses(report: Uint8Array): readonly number[] {
  const found: number[] = [];
  for (let page = 8; page < report.length;) {
    const end = page + 8 + readBe(report, page + 5, 3);
    for (let at = page + 8; at < end; at += 52) found.push(readBe(report, at, 2));
    page = end;
  }
  return found;
}

async function find(template: string, action?: string, type?: string, address?: string) {
  const { host, robot } = await testChanger();
  robot.cartridges.set(10_001, "RHS101L8");
  robot.cartridges.set(30_000, "CLNU01CU");
  expect(await host.tell(send(action, type, address), list(template))).toBe("GOOD");
  const { data } = await host.send(request);
  expect(readBe(data, 5, 3)).toBe(data.length - 8);
  return { action: data[4], found: addresses(data) };
}

test.each([
  ["the whole tag", "RHS002L8", [20_001]],
  ["a beginning and *", "RHS*", [10_001, 20_000, 20_001]],
  ["* alone", "*", [10_001, 20_000, 20_001, 30_000]],
  ["? for one character", "RHS?01L8", [10_001, 20_000]],
  ["a beginning without *", "RHS", []],
  ["a tag nobody has", "XYZ001L8", []],
])("%s → where they are", async (_condition, template, found) => {
  expect(await find(template)).toEqual({ action: 5, found });
});

test("element type and starting address → only what lies there", async () => {
  expect((await find("*", "05", "02")).found).toEqual([20_000, 20_001]);
  expect((await find("*", "05", "00", "4e 21")).found).toEqual([20_001, 30_000]);
});

test("alternate tags → none; a minimum sequence number → none, unless it is ignored", async () => {
  expect((await find("*", "06")).found).toEqual([]);
  const { host } = await testChanger();
  await host.tell(send("01"), list("*", 1));
  expect(addresses((await host.send(request)).data)).toEqual([]);
  await host.tell(send("05"), list("*", 1));
  expect(addresses((await host.send(request)).data)).toEqual([20_000, 20_001]);
});

test("number of elements and allocation length → cut as they say", async () => {
  const { host } = await testChanger();
  await host.tell(send(), list("*"));
  const one = await host.send("b5 10 00 00 00 01 00 00 10 00 00 00");
  expect(addresses(one.data)).toEqual([20_000]);
  expect((await host.send("b5 10 00 00 ff ff 00 00 00 08 00 00")).data.length).toBe(8);
});

test("a request without a search of the same nexus → COMMAND SEQUENCE ERROR", async () => {
  const { host, other } = await testChanger();
  expect(await host.tell(request)).toBe("commandSequenceError");
  await host.tell(send(), list("*"));
  expect(await other.tell(request)).toBe("commandSequenceError");
  expect(await host.tell(request)).toBe("GOOD");
});

test.each([
  ["assert a tag", send("08"), "invalidFieldInCdb, cdb 5 bit 4"],
  ["element type 5", send("05", "05"), "invalidFieldInCdb, cdb 1 bit 3"],
  ["a list of 39 bytes", "b6 00 00 00 00 05 00 00 00 27 00 00", "parameterListLengthError"],
])("%s → refused: %s, %s", async (_condition, cdb, told) => {
  const { host, changer } = await testChanger();
  expect(await host.tell(cdb, list("*"))).toBe(told);
  expect(changer.volumeSearches.size).toBe(0);
});

test("initiator sends less than it said → refused, nothing kept, the buffer let go", async () => {
  const { host } = await testChanger();
  expect(await host.tell(send(), list("*").subarray(0, 20))).toBe("parameterListLengthError");
  expect(host.dataOutHeld).toBe(0);
});

test("READ ELEMENT STATUS ATTACHED → INVALID OPERATION CODE: this changer is no part of a drive", async () => {
  const { host } = await testChanger();
  expect(await host.tell("b4 00 00 00 ff ff 00 00 10 00 00 00")).toBe(
    "invalidOperationCode, cdb 0",
  );
});
