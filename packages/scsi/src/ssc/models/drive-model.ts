/** A make of drive: what it says of itself, and what it works with. Data only; the device server is one for all. */
import type { VpdPage } from "../../spc/vpd/vpd-page.ts";
import type { DriveGeneration } from "../cartridges/density.ts";

export interface DriveModel {
  /** T10 vendor identification. */
  readonly vendor: string;
  /** PRODUCT IDENTIFICATION. */
  readonly product: string;
  /** PRODUCT REVISION LEVEL that is told where the library's settings name none. */
  readonly revision: string;
  readonly generation: DriveGeneration;
  /** How MEDIUM TYPE is coded in the mode parameter header: by format and kind, or only write-once or not. */
  readonly mediumTypes: "byFormat" | "wormOnly";
  /** The vendor's own vital product data pages, C0h and on. */
  readonly vendorVpdPages: readonly VpdPage[];
}
