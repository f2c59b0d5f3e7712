/** Transport Geometry Parameters mode page, 1Eh (SMC-3 7.3.5): no transport turns cartridges over. */
import { readOnlyModePage } from "../../spc/mode-pages/mode-page.ts";
import type { Robot } from "../robot.ts";

export const transportGeometryParametersModePage = (robot: Robot) =>
  readOnlyModePage(0x1e, "Transport Geometry Parameters", () => {
    const { count } = robot.ranges.transport;
    return Uint8Array.from(Array.from({ length: count }, (_, member) => [0, member]).flat());
  });
