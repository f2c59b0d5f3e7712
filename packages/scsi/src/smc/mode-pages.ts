/** The changer's mode pages (SMC-3 7.3): where the elements are and what may move where. None can be changed. */
import type { ModePage } from "../spc/mode-pages/mode-page.ts";
import { deviceCapabilitiesModePage } from "./mode-pages/device-capabilities.ts";
import { elementAddressAssignmentModePage } from "./mode-pages/element-address-assignment.ts";
import { extendedDeviceCapabilitiesModePage } from "./mode-pages/extended-device-capabilities.ts";
import { transportGeometryParametersModePage } from "./mode-pages/transport-geometry-parameters.ts";
import type { Robot } from "./robot.ts";

export const changerModePages = (robot: Robot): readonly ModePage[] => [
  elementAddressAssignmentModePage(robot),
  transportGeometryParametersModePage(robot),
  deviceCapabilitiesModePage,
  extendedDeviceCapabilitiesModePage,
];
