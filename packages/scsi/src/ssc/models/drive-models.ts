/** The drives there are, and which one an identity names. */
import type { DriveModel } from "./drive-model.ts";
import { hpDrives } from "./hp.ts";
import { ibmDrives } from "./ibm.ts";
import { quantumDrives } from "./quantum.ts";

export const driveModels: readonly DriveModel[] = [...ibmDrives, ...hpDrives, ...quantumDrives];

/** Any other name may be given to a drive: it works as LTO-8, without pages of a vendor's own. */
const unknown: Omit<DriveModel, "vendor" | "product"> = {
  revision: "0001",
  generation: "L8",
  mediumTypes: "byFormat",
  vendorVpdPages: [],
};

export function driveModelOf(named: { readonly vendor: string; readonly product: string }) {
  const { vendor, product } = named;
  const known = driveModels.find((model) => model.vendor === vendor && model.product === product);
  return known ?? { ...unknown, vendor, product };
}
