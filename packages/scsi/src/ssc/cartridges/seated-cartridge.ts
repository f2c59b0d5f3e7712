/** What the drive can do with the cartridge in it: by the cartridge's type and the drive's generation (LTO's rules). */
import { check } from "../../completion.ts";
import type { Completion } from "../../task.ts";
import {
  type Compatibility,
  type Density,
  type Ultrium,
  compatibility,
  densities,
  mediumTypeCleaning,
  mediumTypeNone,
} from "./density.ts";
import { cartridgeTypeOf } from "./cartridge-types.ts";
import type { Medium } from "../medium.ts";
import type { PresentCartridge } from "../mode-parameters.ts";
import type { DriveModel } from "../models/drive-model.ts";

/** `none`: seated, but of a format the drive does not know, or damaged beyond it. */
export type Usability = "reads and writes" | "only reads" | "none" | "cleans";

export interface SeatedCartridge {
  /** A cleaning cartridge has none. */
  readonly format: Ultrium | undefined;
  readonly usability: Usability;
}

export function seatedCartridge(
  { generation }: Pick<DriveModel, "generation">,
  { barcode }: Pick<Medium, "barcode">,
): SeatedCartridge {
  const type = cartridgeTypeOf(barcode) ?? { kind: "data", format: generation };
  if (type.kind === "cleaning") return { format: undefined, usability: "cleans" };
  const { writes, onlyReads }: Compatibility = compatibility[generation];
  const { format } = type;
  if (writes.includes(format)) return { format, usability: "reads and writes" };
  return { format, usability: onlyReads.includes(format) ? "only reads" : "none" };
}

/** The density of the cartridge; the drive's own without one. */
export function presentDensity(model: DriveModel, seated: SeatedCartridge | undefined): Density {
  return densities[seated?.format ?? model.generation];
}

/** HP's: only write-once cartridges are told apart. */
const wormOnlyMediumType = 0x01;

/** MEDIUM TYPE of the mode parameter header. */
export function presentMediumType(
  { mediumTypes }: DriveModel,
  seated: SeatedCartridge | undefined,
  isWorm: boolean,
): number {
  if (seated === undefined) return mediumTypeNone;
  if (seated.format === undefined) return mediumTypeCleaning;
  if (mediumTypes === "wormOnly") return isWorm ? wormOnlyMediumType : mediumTypeNone;
  const { mediumType, wormMediumType } = densities[seated.format];
  return isWorm ? (wormMediumType ?? mediumType) : mediumType;
}

/** What the mode parameters tell of it. */
export const presentCartridgeOf = (
  model: DriveModel,
  seated: SeatedCartridge | undefined,
  medium: Medium | undefined,
): PresentCartridge => ({
  mediumType: presentMediumType(model, seated, medium?.worm === true),
  densityCode: presentDensity(model, seated).code,
  isWriteProtected:
    medium?.writeProtected === true ||
    (seated !== undefined && seated.usability !== "reads and writes"),
});

/** What medium access commands are answered with when there is a cartridge they cannot use; undefined when they can. */
export function unusable(seated: SeatedCartridge): Completion | undefined {
  if (seated.usability === "cleans") return check("cleaningCartridgeInstalled");
  return seated.usability === "none" ? check("incompatibleMediumInstalled") : undefined;
}
