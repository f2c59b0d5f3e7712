/** The elements of the library as READ ELEMENT STATUS asks for them: with what lies in each, and who the drives are. */
import type { Element, ElementType, TapeDrive } from "@reelhouse/scsi";
import { elementTypes } from "./library-state.ts";
import type { Cartridge, LibraryState } from "./library-state.ts";

interface Places {
  readonly held: ReadonlyMap<number, Cartridge>;
  readonly identities: ReadonlyMap<number, LibraryState["drives"][number]>;
}

/** A state never changes once it is there, so what is where in it is worked out once. */
const places = new WeakMap<LibraryState, Places>();

function placesOf(state: LibraryState): Places {
  const known = places.get(state);
  if (known !== undefined) return known;
  const found = {
    held: new Map(state.cartridges.map((cartridge) => [cartridge.address, cartridge])),
    identities: new Map(state.drives.map((drive) => [drive.address, drive])),
  };
  places.set(state, found);
  return found;
}

/** One pass and no sorting: a library may have 65,536 elements, and the data path waits meanwhile. */
export function listElements(
  state: LibraryState,
  drives: ReadonlyMap<number, TapeDrive>,
  type: ElementType | "all",
  firstAddress: number,
  countMax: number,
): Element[] {
  const { held, identities } = placesOf(state);
  const types = elementTypes
    .filter((candidate) => type === "all" || candidate === type)
    .toSorted((one, other) => state.ranges[one].firstAddress - state.ranges[other].firstAddress);
  const elements: Element[] = [];
  for (const elementType of types) {
    const range = state.ranges[elementType];
    const end = range.firstAddress + range.count;
    for (let address = Math.max(range.firstAddress, firstAddress); address < end; address++) {
      if (elements.length === countMax) return elements;
      const cartridge = held.get(address);
      const identity = identities.get(address);
      const drive = drives.get(address);
      elements.push({
        address,
        type: elementType,
        barcode: cartridge?.barcode,
        sourceAddress: cartridge?.sourceAddress ?? undefined,
        enteredByOperator: cartridge?.enteredByOperator ?? false,
        drive: identity && {
          ...identity,
          accessible: drive?.preventsRemoval !== true,
          threaded: drive?.state === "ready",
        },
      });
    }
  }
  return elements;
}
