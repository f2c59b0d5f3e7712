/** REPORT IDENTIFYING INFORMATION and SET IDENTIFYING INFORMATION (SPC-5 6.33, 6.47). */
import { expect, test } from "vitest";
import { be } from "../../bytes.ts";
import { standAlone, volatileStore } from "../../device-ports.ts";
import { newTapeDrive } from "../../ssc/new-tape-drive.ts";
import { Initiator, hex, loadedDrive, testIdentity } from "../../testing-initiator.ts";

const cdb = (action: "a3 05" | "a4 06", type: number, length: number) =>
  `${action} 00 00 00 00 ${hex(be(length, 4))} ${hex(be(type << 1, 1))} 00`;
const report = (type: number) => cdb("a3 05", type, 1024);
const set = (type: number, length: number) => cdb("a4 06", type, length);

test("nothing set → no information; the types there are with their lengths", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send(report(0))).data)).toBe("00000000");
  expect(hex((await host.send(report(0x7f))).data)).toBe("000000080000020004000100");
});

test("set → reported, kept over a restart, the others told once; set to nothing → gone", async () => {
  const ports = { ...standAlone(), nowMs: () => 0, store: volatileStore() };
  const begin = async () => {
    const unit = newTapeDrive(testIdentity, ports).logicalUnit;
    const host = new Initiator(unit);
    const other = new Initiator(unit, "iqn.2026-11.test:b,i,0x1");
    for (const each of [host, other]) await each.tell("00");
    return { host, other };
  };
  const { host, other } = await begin();
  expect(await host.tell(set(2, 5), Buffer.from("rack4"))).toBe("GOOD");
  expect(await other.tell("00")).toBe("deviceIdentifierChanged");
  expect(await host.tell("00")).toBe("mediumNotPresent");
  const after = await begin();
  const { data } = await after.host.send(report(2));
  expect(Buffer.from(data).toString("latin1")).toBe("\0\0\0\u0005rack4");
  expect(hex((await after.host.send(report(0))).data)).toBe("00000000");
  await after.host.tell(set(2, 0));
  expect(hex((await after.host.send(report(2))).data)).toBe("00000000");
});

test.each([
  ["unknown type reported", report(1), "invalidFieldInCdb, cdb 10 bit 7"],
  ["unknown type set", set(1, 4), "invalidFieldInCdb, cdb 10 bit 7"],
  ["513 bytes of type 0", set(0, 513), "invalidFieldInCdb, cdb 6 bit 7"],
  ["257 bytes of type 2", set(2, 257), "invalidFieldInCdb, cdb 6 bit 7"],
  ["fewer bytes than said", set(0, 9), "parameterListLengthError"],
])("%s → %s%s", async (_condition, text, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(text, Buffer.from("1234"))).toBe(told);
});
