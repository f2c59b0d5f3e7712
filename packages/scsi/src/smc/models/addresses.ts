/** Where the makers begin to count their elements. */
import type { ElementType } from "../robot.ts";

type FirstAddresses = Readonly<Record<ElementType, number>>;

/** AWS's gateway, whatever name its changer goes by; backup products' notes for it hold for us. */
export const awsAddresses: FirstAddresses = {
  transport: 0,
  dataTransfer: 10_000,
  storage: 20_000,
  importExport: 30_000,
};

/** StorageTek's L-series. */
export const stkAddresses: FirstAddresses = {
  transport: 0,
  importExport: 10,
  dataTransfer: 500,
  storage: 1000,
};

/** IBM 3584 (TS3500, TS4500). */
export const ibm3584Addresses: FirstAddresses = {
  transport: 0x0001,
  dataTransfer: 0x0101,
  importExport: 0x0301,
  storage: 0x0401,
};

/** ADIC's, and what came of it: Quantum Scalar, IBM 3573, HP MSL G3, Spectra. */
export const adicAddresses: FirstAddresses = {
  transport: 0x0001,
  importExport: 0x0010,
  dataTransfer: 0x0100,
  storage: 0x1000,
};

/** HP's ESL E-Series. */
export const eslAddresses: FirstAddresses = {
  transport: 0,
  importExport: 64,
  dataTransfer: 500,
  storage: 1000,
};
