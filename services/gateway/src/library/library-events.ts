/** What the inventory hears of the library: the whole of it, or a cartridge that went from one element to another. */
import type { EventBody, LibraryOutline } from "@reelhouse/contracts";
import { cartridgeAt, elementTypeAt } from "./library-state.ts";
import type { Cartridge, DeviceIdentity, DriveIdentity, LibraryState } from "./library-state.ts";

export interface MovedBy {
  readonly cause: "initiator" | "operator";
  readonly initiatorName: string | null;
}

export const byOperator: MovedBy = { cause: "operator", initiatorName: null };

export interface Moved {
  readonly barcode: string;
  /** Element addresses; undefined for outside the library. */
  readonly source: number | undefined;
  readonly destination: number | undefined;
  readonly by: MovedBy;
}

const placeOf = (state: LibraryState, address: number | undefined) => {
  const type = address === undefined ? undefined : elementTypeAt(state, address);
  return address === undefined || type === undefined ? null : { address, type };
};

export const cartridgeMoved = (
  state: LibraryState,
  { barcode, source, destination, by }: Moved,
): EventBody => ({
  type: "cartridge.moved",
  library: state.library,
  barcode,
  source: placeOf(state, source),
  destination: placeOf(state, destination),
  ...by,
});

/**
 * What a cartridge is noted as when it is moved: exported, when a host carries it from elsewhere into an import/export
 * element; one that is moved from there to another stays what it was.
 */
export function exportedBy(
  state: LibraryState,
  source: number,
  destination: number,
  { cause, initiatorName }: MovedBy,
): Cartridge["exported"] {
  if (elementTypeAt(state, destination) !== "importExport") return null;
  const moved = cartridgeAt(state, source);
  if (elementTypeAt(state, source) === "importExport") return moved?.exported ?? null;
  return cause === "initiator" ? { initiatorName } : null;
}

/** The cartridges that lie exported, as events; of one address or of all. */
export const volumesExported = (state: LibraryState, address?: number): readonly EventBody[] =>
  state.cartridges.flatMap((held): EventBody[] => {
    const { exported, barcode } = held;
    if (exported === null || (address !== undefined && held.address !== address)) return [];
    const { library } = state;
    const element = { address: held.address, type: "importExport" } as const;
    return [{ type: "volume.exported", library, barcode, element, ...exported }];
  });

const deviceTold = ({ vendor, product, serialNumber, targetName }: DeviceIdentity) => ({
  vendor,
  product,
  serialNumber,
  targetName,
});

export const driveTold = (drive: DriveIdentity) => ({
  address: drive.address,
  ...deviceTold(drive),
});

/** The library without what lies in it. */
export const libraryOutline = (state: LibraryState): LibraryOutline => ({
  library: state.library,
  changer: deviceTold(state.changer),
  drives: state.drives.map(driveTold),
  ranges: state.ranges,
});

export const libraryDescribed = (state: LibraryState): EventBody => ({
  type: "library.described",
  ...libraryOutline(state),
  occupied: state.cartridges.flatMap(({ barcode, address }) => {
    const type = elementTypeAt(state, address);
    return type === undefined ? [] : [{ address, type, barcode }];
  }),
});
