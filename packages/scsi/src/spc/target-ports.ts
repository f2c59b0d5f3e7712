/**
 * The target ports of a device: one for each portal group (RFC 7143 2.2), with the group's tag, 1 to 65535, as RELATIVE
 * TARGET PORT IDENTIFIER (SPC-5 4.3.5). So a port keeps its number whatever other groups come and go.
 */
import type { Identity } from "../device.ts";

const tagDigits = 4;

/** The SCSI name string of a port. */
export const targetPortNameOf = (
  { targetName }: Pick<Identity, "targetName">,
  relativeTargetPort: number,
): string => `${targetName},t,0x${relativeTargetPort.toString(16).padStart(tagDigits, "0")}`;
