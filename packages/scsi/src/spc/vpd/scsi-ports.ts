/** SCSI Ports, 88h (SPC-5 7.7.14): the one target port, with the name it has in page 83h. */
import { be, join } from "../../bytes.ts";
import { targetPortName } from "./device-identification.ts";
import type { VpdPage } from "./vpd-page.ts";

export const scsiPorts: VpdPage = {
  pageCode: 0x88,
  name: "SCSI Ports",
  data: ({ identity }) => {
    const designator = targetPortName(identity);
    return join(
      be(0, 2),
      be(identity.relativeTargetPort, 2),
      // No initiator port's TransportID.
      be(0, 2),
      be(0, 2),
      be(0, 2),
      be(designator.length, 2),
      designator,
    );
  },
};
