/** The changer's mode pages (SMC-3 7.3): where the elements are and what may move where. None can be changed. */
import { be, join } from "../bytes.ts";
import { type ModePage, fixedModePage, readOnlyModePage } from "../spc/mode-pages/mode-page.ts";
import type { ElementRange, Robot } from "./robot.ts";

const range = ({ firstAddress, count }: ElementRange) => join(be(firstAddress, 2), be(count, 2));

/** Element Address Assignment mode page, 1Dh (SMC-3 7.3.4). The library may grow while it runs. */
const elementAddressAssignment = (robot: Robot) =>
  readOnlyModePage(0x1d, "Element Address Assignment", () => {
    const { transport, storage, importExport, dataTransfer } = robot.ranges;
    return join(range(transport), range(storage), range(importExport), range(dataTransfer), 0, 0);
  });

/** Transport Geometry Parameters mode page, 1Eh (SMC-3 7.3.5): no transport turns cartridges over. */
const transportGeometry = (robot: Robot) =>
  readOnlyModePage(0x1e, "Transport Geometry Parameters", () => {
    const { count } = robot.ranges.transport;
    return Uint8Array.from(Array.from({ length: count }, (_, member) => [0, member]).flat());
  });

/** DT, I/E and ST as bits; MT holds a cartridge only while it moves. */
const storing = 0x08 | 0x04 | 0x02;

/** Device Capabilities mode page, 1Fh (SMC-3 7.3.3): between storage, import/export and drives everything may move and be exchanged. */
const deviceCapabilities = fixedModePage(0x1f, "Device Capabilities", [
  storing,
  0,
  // MOVE MEDIUM from MT, ST, I/E, DT.
  0,
  storing,
  storing,
  storing,
  0,
  0,
  0,
  0,
  // EXCHANGE MEDIUM from MT, ST, I/E, DT.
  0,
  storing,
  storing,
  storing,
  0,
  0,
  0,
  0,
]);

/** Byte 6 of it: import/export elements can be locked, and two cartridges can change places. */
const lckie = 0x02;
const trexc = 0x04;

/** Extended Device Capabilities mode page, 1Fh/41h (SMC-3 7.3.4). */
const extendedDeviceCapabilities: ModePage = {
  ...fixedModePage(0x1f, "Extended Device Capabilities", [
    0,
    0,
    trexc | lckie,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]),
  subpageCode: 0x41,
};

export const changerModePages = (robot: Robot): readonly ModePage[] => [
  elementAddressAssignment(robot),
  transportGeometry(robot),
  deviceCapabilities,
  extendedDeviceCapabilities,
];
