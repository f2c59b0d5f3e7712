/** Device Identification, 83h (SPC-5 7.7.6): who the logical unit is, and the port through which it was asked. */
import { ascii, be, join } from "../../bytes.ts";
import type { Identity } from "../../device.ts";
import { hasTargetPortGroups } from "../standard-inquiry.ts";
import { targetPortNameOf } from "../target-ports.ts";
import type { VpdPage } from "./vpd-page.ts";

const codeSet = { binary: 1, ascii: 2, utf8: 3 } as const;
const association = { logicalUnit: 0, targetPort: 1 } as const;
const designatorType = {
  t10VendorId: 1,
  naa: 3,
  relativeTargetPort: 4,
  targetPortGroup: 5,
  scsiName: 8,
} as const;

/** The one group that all target ports are in. */
export const targetPortGroup = 1;

/** PROTOCOL IDENTIFIER of iSCSI with PIV, for designators of ports. */
const protocolIscsi = 0x5;
const protocolIdentifierValid = 0x80;

function designator(
  set: number,
  associated: number,
  type: number,
  identifier: Uint8Array,
): Uint8Array {
  const ofPort = associated === association.targetPort;
  const first = (ofPort ? protocolIscsi << 4 : 0) | set;
  const second = (ofPort ? protocolIdentifierValid : 0) | (associated << 4) | type;
  return join(first, second, 0, identifier.length, identifier);
}

/** The T10 vendor ID based identifier: vendor, product and serial number, as drives of libraries use it for DVCID too. */
export function t10Identifier(identity: {
  readonly vendor: string;
  readonly product: string;
  readonly serialNumber: string;
}): Uint8Array {
  return join(
    ascii(identity.vendor, 8),
    ascii(identity.product, 16),
    ascii(identity.serialNumber, identity.serialNumber.length),
  );
}

/** A SCSI name string is ended by a zero and padded to a multiple of four (SPC-5 7.7.6.11). */
function scsiName(name: string): Uint8Array {
  const text = Buffer.from(name, "utf8");
  const padded = new Uint8Array(Math.ceil((text.length + 1) / 4) * 4);
  padded.set(text);
  return padded;
}

const unitDesignators = (identity: Identity): readonly Uint8Array[] => [
  designator(codeSet.binary, association.logicalUnit, designatorType.naa, be(identity.naa, 8)),
  designator(
    codeSet.ascii,
    association.logicalUnit,
    designatorType.t10VendorId,
    t10Identifier(identity),
  ),
];

/** The name of a target port. */
export const targetPortName = (identity: Identity, relativeTargetPort: number): Uint8Array =>
  designator(
    codeSet.utf8,
    association.targetPort,
    designatorType.scsiName,
    scsiName(targetPortNameOf(identity, relativeTargetPort)),
  );

const portNumber = (
  type: typeof designatorType.relativeTargetPort | typeof designatorType.targetPortGroup,
  number: number,
): Uint8Array => designator(codeSet.binary, association.targetPort, type, be(number, 4));

export const deviceIdentification: VpdPage = {
  pageCode: 0x83,
  name: "Device Identification",
  data: (device, { portalGroupTag }) =>
    join(
      ...unitDesignators(device.identity),
      portNumber(designatorType.relativeTargetPort, portalGroupTag),
      ...(hasTargetPortGroups(device)
        ? [portNumber(designatorType.targetPortGroup, targetPortGroup)]
        : []),
      targetPortName(device.identity, portalGroupTag),
    ),
};
