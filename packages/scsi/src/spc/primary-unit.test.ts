/** A logical unit of SPC's parts alone: its own commands beside the primary ones, and the gates before both. */
import { expect, test } from "vitest";
import { inOrder } from "../cdb.ts";
import { good } from "../completion.ts";
import { peripheralDeviceType } from "../device.ts";
import { Initiator, testIdentity } from "../testing-initiator.ts";
import { action, keyList, outCdb } from "../testing-reservations.ts";
import { spcCommand } from "./commands/command.ts";
import { spcCommands } from "./commands.ts";
import { primaryUnit } from "./primary-unit.ts";

const own = spcCommand({
  name: "A COMMAND OF ITS OWN",
  opcode: 0x2f,
  direction: "none",
  cdb: {},
  execute: () => good(),
});

const begin = async () => {
  const unit = primaryUnit({
    deviceType: peripheralDeviceType.directAccess,
    identity: testIdentity,
    versionDescriptors: [],
    commands: inOrder([...spcCommands, own]),
    vpdPages: [{ pageCode: 0xb1, name: "A page of its own", data: () => new Uint8Array(4) }],
    modePages: [],
  });
  const host = new Initiator(unit);
  const other = new Initiator(unit, "iqn.2026-11.test:b,i,0x1");
  for (const each of [host, other]) expect(await each.tell("2f")).toBe("powerOn");
  return { host, other };
};

test("commands and pages of its own → served and listed beside those of SPC", async () => {
  const { host } = await begin();
  expect(await host.tell("2f")).toBe("GOOD");
  const { data } = await host.send("12 00 00 00 60 00");
  expect(data[0]).toBe(peripheralDeviceType.directAccess);
  const pages = await host.send("12 01 00 00 ff 00");
  expect([...pages.data.subarray(4)]).toEqual([0x00, 0x80, 0x83, 0xb1]);
  const support = await host.send("a3 0c 01 2f 00 00 00 00 00 ff 00 00");
  expect(support.data[1]! & 0x07).toBe(3);
});

test("a reservation of another nexus → a command of its own conflicts, as its row says", async () => {
  const { host, other } = await begin();
  await host.tell(outCdb(action.register), keyList(0n, 1n));
  expect(await host.tell(outCdb(action.reserve, 1), keyList(1n))).toBe("GOOD");
  expect([await host.tell("2f"), await other.tell("2f")]).toEqual(["GOOD", "RESERVATION CONFLICT"]);
});
