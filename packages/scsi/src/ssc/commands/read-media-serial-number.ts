/** READ MEDIA SERIAL NUMBER (SPC-5 6.20): the serial number in the cartridge's memory, else the barcode. */
import { ascii, be, join } from "../../bytes.ts";
import { uint } from "../../cdb.ts";
import { goodData } from "../../completion.ts";
import type { Medium } from "../medium.ts";
import { mediumCommand } from "./command.ts";

/** MEDIUM SERIAL NUMBER, a medium attribute (SPC-5 7.4.2.4). */
const mediumSerialNumber = 0x0401;

function serialNumber(medium: Medium): string {
  const attributes = medium.attributes(0);
  const attribute = attributes.find(({ identifier }) => identifier === mediumSerialNumber);
  return attribute === undefined
    ? medium.barcode
    : Buffer.from(attribute.value).toString("latin1").trim();
}

export const readMediaSerialNumber = mediumCommand({
  name: "READ MEDIA SERIAL NUMBER",
  opcode: 0xab,
  serviceAction: 0x01,
  direction: "in",
  reservation: "ignored",
  cdb: { allocationLength: uint(6, 4) },
  execute({ medium }, { allocationLength }) {
    const serial = serialNumber(medium);
    // The field's length is a multiple of four, filled up with blanks.
    const field = ascii(serial, Math.ceil(serial.length / 4) * 4);
    return goodData(join(be(field.length, 4), field), allocationLength);
  },
});
