/** SET CAPACITY (SSC-5 7.13): the medium uses CAPACITY PROPORTION VALUE of 65535 parts of what it holds, as one partition. */
import { bit, uint } from "../../cdb.ts";
import { format, formatFault } from "../partitions/formatting.ts";
import { capacityProportionMax, proportionOf } from "../partitions/partitions.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

export const setCapacity = mediumCommand({
  name: "SET CAPACITY",
  opcode: 0x0b,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { immed: bit(1, 0), capacityProportionValue: uint(3, 2) },
  execute(mounted, { immed, capacityProportionValue }) {
    const { drive, medium } = mounted;
    const proportion = capacityProportionValue / capacityProportionMax;
    return (
      formatFault(mounted) ??
      format(mounted, "setCapacity", immed, [
        proportionOf(medium, drive.presentDensity, proportion),
      ])
    );
  },
});
