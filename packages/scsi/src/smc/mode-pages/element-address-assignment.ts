/** Element Address Assignment mode page, 1Dh (SMC-3 7.3.4). The library may grow while it runs. */
import { be, join } from "../../bytes.ts";
import { readOnlyModePage } from "../../spc/mode-pages/mode-page.ts";
import type { ElementRange, Robot } from "../robot.ts";

const range = ({ firstAddress, count }: ElementRange) => join(be(firstAddress, 2), be(count, 2));

export const elementAddressAssignmentModePage = (robot: Robot) =>
  readOnlyModePage(0x1d, "Element Address Assignment", () => {
    const { transport, storage, importExport, dataTransfer } = robot.ranges;
    return join(range(transport), range(storage), range(importExport), range(dataTransfer), 0, 0);
  });
