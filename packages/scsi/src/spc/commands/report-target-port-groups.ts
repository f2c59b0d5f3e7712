/** REPORT TARGET PORT GROUPS (SPC-5 6.39): one group of all ports, active/optimized. */
import { be, join } from "../../bytes.ts";
import { bits, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { targetPortGroup } from "../vpd/device-identification.ts";
import { spcCommand } from "./command.ts";

const activeOptimized = 0x0;
/** AO_SUP: no other state is ever reported. */
const activeOptimizedSupported = 0x01;
const format = { lengthOnly: 0b000, extended: 0b001 } as const;
/** FORMAT TYPE of the extended header, whose IMPLICIT TRANSITION TIME is zero. */
const extendedHeader = join(0x10, 0, be(0, 2));

export const reportTargetPortGroups = spcCommand({
  name: "REPORT TARGET PORT GROUPS",
  opcode: 0xa3,
  serviceAction: 0x0a,
  direction: "in",
  reservation: "ignored",
  cdb: { parameterDataFormat: bits(1, 7, 5), allocationLength: uint(6, 4) },
  execute({ identity }, { parameterDataFormat, allocationLength }) {
    if (parameterDataFormat > format.extended) return invalidFieldInCdb(1, 7);
    const header = parameterDataFormat === format.extended ? extendedHeader : new Uint8Array();
    const ports = identity.portalGroupTags;
    const group = join(
      activeOptimized,
      activeOptimizedSupported,
      be(targetPortGroup, 2),
      be(0, 3),
      ports.length,
      ...ports.map((port) => join(be(0, 2), be(port, 2))),
    );
    const body = join(header, group);
    return goodData(join(be(body.length, 4), body), allocationLength);
  },
});
