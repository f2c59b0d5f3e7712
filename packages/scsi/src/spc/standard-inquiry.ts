/** Standard INQUIRY data (SPC-5 6.7.2). */
import { ascii, be, join } from "../bytes.ts";
import type { Device } from "../device.ts";

const rmb = 0x80;
const versionSpc4 = 0x06;
const responseDataFormat = 0x02;
const cmdque = 0x02;
const versionDescriptorCount = 8;
const vendorSpecificLength = 20;
/** TPGS: implicit asymmetric access, told by REPORT TARGET PORT GROUPS. */
const implicitAccess = 0x10;
const protect = 0x01;

/** REPORT TARGET PORT GROUPS, by operation code and service action. */
const reportTargetPortGroups = { opcode: 0xa3, serviceAction: 0x0a } as const;
/** Control Data Protection mode page (SSC-5 8.4.9). */
const controlDataProtection = { pageCode: 0x0a, subpageCode: 0xf0 } as const;

export const hasTargetPortGroups = ({ commands }: Device): boolean =>
  commands.some(
    ({ opcode, serviceAction }) =>
      opcode === reportTargetPortGroups.opcode &&
      serviceAction === reportTargetPortGroups.serviceAction,
  );

export const hasLogicalBlockProtection = ({ modePages }: Device): boolean =>
  modePages.some(
    ({ pageCode, subpageCode }) =>
      pageCode === controlDataProtection.pageCode &&
      subpageCode === controlDataProtection.subpageCode,
  );

function vendorSpecific({ vendorSpecificInquiry }: Device): Uint8Array {
  const bytes = new Uint8Array(vendorSpecificLength);
  if (vendorSpecificInquiry !== undefined) bytes.set(vendorSpecificInquiry);
  return bytes;
}

/** 96 bytes: through to the version descriptors and the reserved bytes after them. */
export function standardInquiryData(device: Device): Uint8Array {
  const { vendor, product, revision } = device.identity;
  const descriptors = Array.from({ length: versionDescriptorCount }, (_, index) =>
    be(device.versionDescriptors[index] ?? 0, 2),
  );
  const afterLength = join(
    (hasTargetPortGroups(device) ? implicitAccess : 0) |
      (hasLogicalBlockProtection(device) ? protect : 0),
    0,
    cmdque,
    ascii(vendor, 8),
    ascii(product, 16),
    ascii(revision, 4),
    vendorSpecific(device),
    new Uint8Array(2),
    ...descriptors,
    new Uint8Array(22),
  );
  return join(
    device.deviceType,
    rmb,
    versionSpc4,
    responseDataFormat,
    afterLength.length,
    afterLength,
  );
}
