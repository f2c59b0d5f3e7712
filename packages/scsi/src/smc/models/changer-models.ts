/** The medium changers there are, and which one an identity names. */
import { ascii } from "../../bytes.ts";
import type { Identity } from "../../device.ts";
import {
  adicAddresses,
  awsAddresses,
  eslAddresses,
  ibm3584Addresses,
  stkAddresses,
} from "./addresses.ts";
import type { ChangerModel } from "./changer-model.ts";

const vendorSpecificStart = 36;
const vendorSpecificLength = 20;
/** BARC, bit 0 of byte 55: there is a barcode reader. */
const barcodeByte = 55;
const barc = 0x01;
const serialNumberByte = 38;
const serialNumberLength = 12;

function withBarcodeReader(): Uint8Array {
  const bytes = new Uint8Array(vendorSpecificLength);
  bytes[barcodeByte - vendorSpecificStart] = barc;
  return bytes;
}

/** IBM's libraries also put their serial number there. */
function withSerialNumber({ serialNumber }: Identity): Uint8Array {
  const bytes = withBarcodeReader();
  bytes.set(ascii(serialNumber, serialNumberLength), serialNumberByte - vendorSpecificStart);
  return bytes;
}

const fromAws = {
  firstAddresses: awsAddresses,
  driveIdentifier: "t10",
  unloadsDrives: true,
} as const;
const adic = {
  firstAddresses: adicAddresses,
  driveIdentifier: "t10",
  unloadsDrives: true,
  vendorSpecificInquiry: withBarcodeReader,
} as const;
const ibm3584 = {
  firstAddresses: ibm3584Addresses,
  driveIdentifier: "t10",
  unloadsDrives: true,
  vendorSpecificInquiry: withSerialNumber,
} as const;

export const changerModels: readonly ChangerModel[] = [
  { vendor: "AWS", product: "Gateway-VTL", revision: "0100", ...fromAws },
  // AWS's other name; the address of the real one would break what is written down for it.
  { vendor: "STK", product: "L700", revision: "0107", ...fromAws },
  {
    vendor: "STK",
    product: "SL500",
    revision: "1501",
    firstAddresses: stkAddresses,
    driveIdentifier: "serialNumber",
    unloadsDrives: false,
  },
  { vendor: "IBM", product: "03584L32", revision: "9040", ...ibm3584 },
  {
    ...adic,
    vendor: "IBM",
    product: "3573-TL",
    revision: "C.20",
    vendorSpecificInquiry: withSerialNumber,
  },
  {
    ...adic,
    vendor: "HP",
    product: "MSL G3 Series",
    revision: "8.70",
    driveIdentifier: "serialNumber",
  },
  {
    vendor: "HP",
    product: "ESL E-Series",
    revision: "7.70",
    firstAddresses: eslAddresses,
    driveIdentifier: "serialNumber",
    unloadsDrives: false,
    vendorSpecificInquiry: withBarcodeReader,
  },
  { ...adic, vendor: "SPECTRA", product: "PYTHON", revision: "2000" },
  { ...adic, vendor: "QUANTUM", product: "Scalar i500", revision: "750G" },
  { ...adic, vendor: "QUANTUM", product: "Scalar i6000", revision: "750Q" },
  { ...adic, vendor: "ADIC", product: "Scalar i2000", revision: "650Q" },
];

/** A changer by any other name works as AWS's does. */
export function changerModelOf(named: { readonly vendor: string; readonly product: string }) {
  const { vendor, product } = named;
  const known = changerModels.find((model) => model.vendor === vendor && model.product === product);
  return known ?? { ...fromAws, vendor, product, revision: "0001" };
}
