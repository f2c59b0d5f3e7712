/** Standard INQUIRY data (SPC-5 6.7.2). */
import { ascii, be, join } from "../bytes.ts";
import type { Device } from "../device.ts";

const rmb = 0x80;
const versionSpc4 = 0x06;
const responseDataFormat = 0x02;
const cmdque = 0x02;
const versionDescriptorCount = 8;

/** 96 bytes: through to the version descriptors and the reserved bytes after them. */
export function standardInquiryData(device: Device): Uint8Array {
  const { vendor, product, revision } = device.identity;
  const descriptors = Array.from({ length: versionDescriptorCount }, (_, index) =>
    be(device.versionDescriptors[index] ?? 0, 2),
  );
  const afterLength = join(
    0,
    0,
    cmdque,
    ascii(vendor, 8),
    ascii(product, 16),
    ascii(revision, 4),
    new Uint8Array(22),
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
