/** LUN 0 and the others; task management by name. */
import { expect, test } from "vitest";
import { ScsiDevice } from "./scsi-device.ts";
import { answerOf, hex, loadedDrive } from "./testing-initiator.ts";

const lun = (text: string) => new Uint8Array(Buffer.from(text.padEnd(16, "0"), "hex"));

async function device() {
  const bench = await loadedDrive();
  const target = new ScsiDevice(bench.drive.logicalUnit);
  const send = async (text: string, at: string) =>
    answerOf(await target.execute({ ...bench.host.task(text), lun: lun(at) }));
  return { ...bench, target, send };
}

test("LUN 0, by peripheral and by flat addressing → the unit", async () => {
  const { send } = await device();
  expect((await send("00", "0000")).outcome).toBe("GOOD");
  expect((await send("00", "4000")).outcome).toBe("GOOD");
});

test.each(["0001", "4001", "0100", "c101", "00000001"])(
  "LUN %s → INQUIRY says no unit, REPORT LUNS answers, all else is refused",
  async (at) => {
    const { send } = await device();
    const inquiry = await send("12 00 00 00 60 00", at);
    expect([inquiry.outcome, inquiry.data.length, inquiry.data[0]]).toEqual(["GOOD", 36, 0x7f]);
    expect(hex((await send("a0 00 00 00 00 00 00 00 00 10 00 00", at)).data)).toBe(
      "00000008000000000000000000000000",
    );
    const sense = await send("03 00 00 00 12 00", at);
    expect([sense.outcome, hex(sense.data.subarray(12, 14))]).toEqual(["GOOD", "2500"]);
    expect((await send("00", at)).outcome).toBe("logicalUnitNotSupported");
    expect((await send("12 01 80 00 60 00", at)).outcome).toBe("logicalUnitNotSupported");
  },
);

test.each([
  ["LOGICAL UNIT RESET", "busDeviceReset"],
  ["TARGET WARM RESET", "scsiBusReset"],
  ["TARGET COLD RESET", "powerOn"],
])("%s → done, %s", async (name, told) => {
  const { target, host } = await device();
  const request = { function: name, nexus: host.nexus, lun: lun("") };
  expect(await target.manage(request)).toBe("FUNCTION COMPLETE");
  expect(await host.tell("00")).toBe(told);
});

test.each([
  ["ABORT TASK SET", "0000", "FUNCTION COMPLETE"],
  ["CLEAR TASK SET", "0000", "FUNCTION COMPLETE"],
  ["ABORT TASK", "0000", "TASK DOES NOT EXIST"],
  ["LOGICAL UNIT RESET", "0001", "LUN DOES NOT EXIST"],
  ["CLEAR ACA", "0000", "TASK MANAGEMENT FUNCTION NOT SUPPORTED"],
  ["TASK REASSIGN", "0000", "TASK MANAGEMENT FUNCTION NOT SUPPORTED"],
])("%s at LUN %s → %s", async (name, at, answer) => {
  const { target, host } = await device();
  expect(await target.manage({ function: name, nexus: host.nexus, lun: lun(at) })).toBe(answer);
});

test("ABORT TASK of a task that has ended → FUNCTION COMPLETE", async () => {
  const { target, host } = await device();
  const request = {
    function: "ABORT TASK",
    nexus: host.nexus,
    lun: lun(""),
    task: host.task("00"),
  };
  expect(await target.manage(request)).toBe("FUNCTION COMPLETE");
});

test("nexus established and lost → its attentions begin and end", async () => {
  const { target, host } = await device();
  await target.nexusLost(host.nexus);
  target.nexusEstablished(host.nexus);
  expect(await host.tell("00")).toBe("nexusLoss");
});
