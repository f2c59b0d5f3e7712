/** PERSISTENT RESERVE IN (SPC-5 6.15). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { hex, Initiator, loadedDrive } from "../../testing-initiator.ts";
import { testChanger } from "../../testing-changer.ts";
import { action, inCdb, keyList, outCdb } from "../../testing-reservations.ts";

test("nothing registered → empty lists, PRGENERATION 0", async () => {
  const { host } = await loadedDrive();
  for (const serviceAction of [0, 1, 3]) {
    expect(hex((await host.send(inCdb(serviceAction))).data)).toBe("0000000000000000");
  }
});

test("REPORT CAPABILITIES → CRH, SIP, ATP, PTPL, six types; PTPL_A once a registration persists", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send(inCdb(2))).data)).toBe("00081db0ea010000");
  await host.tell(outCdb(action.register), keyList(0n, 5n, 0x01));
  expect(hex((await host.send(inCdb(2))).data)).toBe("00081db1ea010000");
});

test("a reservation → READ RESERVATION gives key, scope and type; an all registrants one gives key 0", async () => {
  const { host } = await loadedDrive();
  await host.tell(outCdb(action.register), keyList(0n, 0xabcdn));
  await host.tell(outCdb(action.reserve, 3), keyList(0xabcdn));
  expect(hex((await host.send(inCdb(1))).data)).toBe(
    "0000000100000010000000000000abcd0000000000030000",
  );
  await host.tell(outCdb(action.release, 3), keyList(0xabcdn));
  await host.tell(outCdb(action.reserve, 8), keyList(0xabcdn));
  expect(hex((await host.send(inCdb(1))).data)).toBe(
    "000000010000001000000000000000000000000000080000",
  );
});

test("READ FULL STATUS → a descriptor a registration with its TransportID, the holder marked", async () => {
  const { host, other } = await testChanger();
  await host.tell(outCdb(action.register), keyList(0n, 1n));
  await other.tell(outCdb(action.register), keyList(0n, 2n));
  await other.tell(outCdb(action.reserve, 5), keyList(2n));
  const { data } = await host.send(inCdb(3));
  expect(readBe(data, 4, 4)).toBe(data.length - 8);
  const descriptor = 24 + 4 + 28;
  expect(data.length).toBe(8 + 2 * descriptor);
  const second = data.subarray(8 + descriptor);
  expect(hex(data.subarray(8, 32))).toBe("000000000000000100000000000000000000000100000020");
  expect(hex(second.subarray(0, 24))).toBe("000000000000000200000000010500000000000100000020");
  expect(hex(second.subarray(24, 28))).toBe("4500001c");
  expect(Buffer.from(second.subarray(28)).toString().replaceAll("\0", "")).toBe(
    "iqn.2026-11.test:b,i,0x1",
  );
});

test("two portal groups → READ FULL STATUS says ALL_TG_PT: a registration holds by both", async () => {
  const { drive, host } = await loadedDrive({}, { portalGroupTags: [1, 2] });
  await host.tell(outCdb(action.register), keyList(0n, 1n));
  await host.tell(outCdb(action.reserve, 3), keyList(1n));
  const { data } = await host.send(inCdb(3));
  expect(hex(data.subarray(8, 32))).toBe("000000000000000100000000030300000000000000000020");
  const samePort = new Initiator(drive.logicalUnit, host.nexus.initiatorPortName, 2);
  expect(await samePort.tell("00")).toBe("powerOn");
  expect(await samePort.tell("01")).toBe("GOOD");
});

test("allocation length → cut, with the whole length in the header", async () => {
  const { host } = await loadedDrive();
  await host.tell(outCdb(action.register), keyList(0n, 1n));
  expect(hex((await host.send(inCdb(0, 10))).data)).toBe("00000001000000080000");
  expect(await host.tell(inCdb(0, 0))).toBe("GOOD");
});

test("service action 4 → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell(inCdb(4))).toBe("invalidFieldInCdb, cdb 1 bit 4");
});
