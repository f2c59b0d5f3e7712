/** Protocol Specific Logical Unit and Port mode pages, 18h and 19h (SPC-5 7.5.15, 7.5.16): iSCSI has no parameters for them. */
import { fixedModePage } from "./mode-page.ts";

const protocolIscsi = 0x05;

export const protocolSpecificLogicalUnitModePage = fixedModePage(
  0x18,
  "Protocol Specific Logical Unit",
  [protocolIscsi, 0, 0, 0, 0, 0],
);

export const protocolSpecificPortModePage = fixedModePage(0x19, "Protocol Specific Port", [
  protocolIscsi,
  0,
  0,
  0,
  0,
  0,
]);
