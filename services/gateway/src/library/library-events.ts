/** What the inventory hears of the library: the whole of it, or a cartridge that went from one element to another. */
import type { EventBody } from "@reelhouse/contracts";
import { elementTypeAt } from "./library-state.ts";
import type { DeviceIdentity, LibraryState } from "./library-state.ts";

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

const deviceTold = ({ vendor, product, serialNumber, targetName }: DeviceIdentity) => ({
  vendor,
  product,
  serialNumber,
  targetName,
});

export const libraryDescribed = (state: LibraryState): EventBody => ({
  type: "library.described",
  library: state.library,
  changer: deviceTold(state.changer),
  drives: state.drives.map((drive) => ({ address: drive.address, ...deviceTold(drive) })),
  ranges: state.ranges,
  occupied: state.cartridges.flatMap(({ barcode, address }) => {
    const type = elementTypeAt(state, address);
    return type === undefined ? [] : [{ address, type, barcode }];
  }),
});
