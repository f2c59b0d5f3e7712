/** A drive that is given another make while hosts have sessions on it. */
import { expect, test } from "vitest";
import { Initiator, testIdentity } from "../testing-initiator.ts";
import { newTapeDrive } from "./new-tape-drive.ts";

const inquiry = "12 00 00 00 60 00";
const densities = "44 00 00 00 00 00 00 10 00 00";

test("another make → 3F/03 once for each nexus, then its INQUIRY data and densities; the serial number stays", async () => {
  const drive = newTapeDrive(testIdentity);
  const host = new Initiator(drive.logicalUnit);
  const other = new Initiator(drive.logicalUnit, "iqn.2026-11.test:b,i,0x1");
  for (const each of [host, other]) expect(await each.tell("00")).toBe("powerOn");
  const before = await host.send(densities);
  drive.become({ ...testIdentity, vendor: "HPE", product: "Ultrium 9-SCSI" });
  for (const each of [host, other]) {
    expect(await each.tell("00")).toBe("inquiryDataChanged");
    expect(await each.tell("00")).not.toBe("inquiryDataChanged");
    const { data } = await each.send(inquiry);
    expect(Buffer.from(data).toString("latin1", 8, 32)).toBe("HPE     Ultrium 9-SCSI  ");
  }
  expect((await host.send(densities)).data).not.toEqual(before.data);
  const serial = await host.send("12 01 80 00 ff 00");
  expect(Buffer.from(serial.data).toString("latin1", 4)).toBe(testIdentity.serialNumber);
});
