/**
 * The door by which an operator puts cartridges in and takes them out: between the changer's commands, and its hosts are
 * told. Before the devices are open nobody can be told, and nobody need be.
 */
import type { MediumChanger } from "@reelhouse/scsi";
import type { Library } from "./library.ts";
import { elementTypeAt } from "./library-state.ts";

export type DoorChanger = Pick<
  MediumChanger,
  "preventsRemoval" | "importExportAccessed" | "inventoryChanged" | "exclusive"
>;

export interface OperatorDoor {
  /** Does `work` between commands; it tells the hosts of each address at which something changed. */
  pass<T>(work: (tell: (address: number) => void) => Promise<T>): Promise<T>;
  /** A host prevents removal, and the address is one of an import/export element. */
  isLocked(address: number): boolean;
}

export function operatorDoor(
  library: Pick<Library, "state">,
  changer: () => DoorChanger | undefined,
): OperatorDoor {
  const isAtDoor = (address: number) => elementTypeAt(library.state, address) === "importExport";
  const tell = (address: number): void => {
    if (isAtDoor(address)) changer()?.importExportAccessed();
    else changer()?.inventoryChanged();
  };
  return {
    pass: async (work) => changer()?.exclusive(() => work(tell)) ?? work(tell),
    isLocked: (address) => isAtDoor(address) && changer()?.preventsRemoval === true,
  };
}
