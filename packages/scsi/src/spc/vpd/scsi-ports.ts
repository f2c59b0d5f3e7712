/** SCSI Ports, 88h (SPC-5 7.7.14): every target port, with the name it has in page 83h when it is asked through it. */
import { be, join } from "../../bytes.ts";
import type { Identity } from "../../device.ts";
import { targetPortName } from "./device-identification.ts";
import type { VpdPage } from "./vpd-page.ts";

function portDescriptor(identity: Identity, relativeTargetPort: number): Uint8Array {
  const designator = targetPortName(identity, relativeTargetPort);
  return join(
    be(0, 2),
    be(relativeTargetPort, 2),
    // No initiator port's TransportID.
    be(0, 2),
    be(0, 2),
    be(0, 2),
    be(designator.length, 2),
    designator,
  );
}

export const scsiPorts: VpdPage = {
  pageCode: 0x88,
  name: "SCSI Ports",
  data: ({ identity }) =>
    join(...identity.portalGroupTags.map((port) => portDescriptor(identity, port))),
};
