/** Vital product data pages (SPC-5 7.7): one row each. */
import { be, join } from "../../bytes.ts";
import type { Device } from "../../device.ts";
import type { Nexus } from "../../task.ts";

export interface VpdPage {
  readonly pageCode: number;
  readonly name: string;
  /** The bytes after the page length field, as the nexus that asks is told. */
  data(device: Device, nexus: Nexus): Uint8Array;
}

/** The page with its 4-byte header. */
export function encodeVpdPage(device: Device, page: VpdPage, nexus: Nexus): Uint8Array {
  const data = page.data(device, nexus);
  return join(device.deviceType, page.pageCode, be(data.length, 2), data);
}
