/** A make of library: what its medium changer says of itself, and where its elements are. Data only. */
import type { Identity } from "../../device.ts";
import type { ElementType } from "../robot.ts";

export interface ChangerModel {
  /** T10 vendor identification. */
  readonly vendor: string;
  /** PRODUCT IDENTIFICATION. */
  readonly product: string;
  /** PRODUCT REVISION LEVEL that is told where the library's settings name none. */
  readonly revision: string;
  /** Address of the first element of each type. */
  readonly firstAddresses: Readonly<Record<ElementType, number>>;
  /** What DVCID names a drive by: its T10 designator as in its VPD page 83h, or its serial number alone. */
  readonly driveIdentifier: "t10" | "serialNumber";
  /** A move takes a cartridge out of a drive that was not told to unload; false: the host must unload first. */
  readonly unloadsDrives: boolean;
  /** Bytes 36 to 55 of standard INQUIRY data; left out: zeros. */
  readonly vendorSpecificInquiry?: (identity: Identity) => Uint8Array;
}
