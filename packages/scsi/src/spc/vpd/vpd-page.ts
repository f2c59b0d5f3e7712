/** Vital product data pages (SPC-5 7.7): one row each. */
import { be, join } from "../../bytes.ts";
import type { Device } from "../../device.ts";

export interface VpdPage {
  readonly pageCode: number;
  readonly name: string;
  /** The bytes after the page length field. */
  data(device: Device): Uint8Array;
}

/** The page with its 4-byte header. */
export function encodeVpdPage(device: Device, page: VpdPage): Uint8Array {
  const data = page.data(device);
  return join(device.deviceType, page.pageCode, be(data.length, 2), data);
}
