/**
 * The library as the gateway runs it: its state on disk, and the one way to change it.
 *
 * A change is computed, written down (whole file, atomically), and only then seen by anybody and told to the inventory.
 * Changes happen one at a time.
 */
import { readFile } from "node:fs/promises";
import type { EventBody } from "@reelhouse/contracts";
import { replaceFile } from "@reelhouse/service-kit";
import {
  cartridgeAt,
  elementTypeAt,
  libraryState,
  move as moveCartridge,
  place,
  removed,
  takeOut,
} from "./library-state.ts";
import type { LibraryState } from "./library-state.ts";

export interface Library {
  readonly state: LibraryState;
  /** Records a move that has been made possible; the event names who asked for it. */
  move(sourceAddress: number, destinationAddress: number, by: MovedBy): Promise<void>;
  /** A new cartridge appears in an empty element. */
  insert(barcode: string, address: number): Promise<void>;
  /** A cartridge leaves for good; `forget` follows when its files are gone. */
  remove(barcode: string): Promise<void>;
  forget(barcode: string): Promise<void>;
  /** The first tapes are made. */
  bornWithTapes(): Promise<void>;
  /** Says the whole library again to the inventory. */
  describe(): void;
}

export interface MovedBy {
  readonly cause: "initiator" | "operator";
  readonly initiatorName: string | null;
}

export interface LibraryOptions {
  readonly file: string;
  /** Makes the state of the first start. */
  readonly initial: () => LibraryState;
  readonly emit: (body: EventBody) => void;
}

export async function openLibrary({ file, initial, emit }: LibraryOptions): Promise<Library> {
  let state = await readState(file, initial);
  let last: Promise<void> = Promise.resolve();

  /** Runs after all changes before it; `next` sees the newest state. */
  const change = (
    next: (now: LibraryState) => LibraryState,
    told: (before: LibraryState) => void,
  ): Promise<void> => {
    const turn = async () => {
      const before = state;
      const after = next(before);
      await replaceFile(file, JSON.stringify(after, null, 1));
      state = after;
      told(before);
    };
    const done = last.then(turn);
    last = done.catch(() => undefined);
    return done;
  };

  const placeOf = (address: number | undefined) => {
    const type = address === undefined ? undefined : elementTypeAt(state, address);
    return address === undefined || type === undefined ? null : { address, type };
  };
  const moved = (
    barcode: string,
    source: number | undefined,
    destination: number | undefined,
    by: MovedBy,
  ) =>
    emit({
      type: "cartridge.moved",
      library: state.library,
      barcode,
      source: placeOf(source),
      destination: placeOf(destination),
      ...by,
    });
  const byOperator: MovedBy = { cause: "operator", initiatorName: null };

  return {
    get state() {
      return state;
    },
    move: (source, destination, by) =>
      change(
        (now) => moveCartridge(now, source, destination),
        (before) => moved(cartridgeAt(before, source)?.barcode ?? "", source, destination, by),
      ),
    insert: (barcode, address) =>
      change(
        (now) => place(now, barcode, address, true),
        () => moved(barcode, undefined, address, byOperator),
      ),
    remove: (barcode) =>
      change(
        (now) => takeOut(now, barcode),
        (before) => {
          const address = before.cartridges.find((held) => held.barcode === barcode)?.address;
          moved(barcode, address, undefined, byOperator);
        },
      ),
    forget: (barcode) =>
      change(
        (now) => removed(now, barcode),
        () => emit({ type: "volume.removed", library: state.library, barcode }),
      ),
    bornWithTapes: () =>
      change(
        (now) => ({ ...now, firstTapes: [] }),
        () => undefined,
      ),
    describe: () => emit(describeLibrary(state)),
  };
}

async function readState(file: string, initial: () => LibraryState): Promise<LibraryState> {
  try {
    return libraryState.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new Error(
        `the library's file ${file} cannot be read; restore it from a copy, do not delete it`,
        { cause: error },
      );
    }
    const state = initial();
    await replaceFile(file, JSON.stringify(state, null, 1));
    return state;
  }
}

function describeLibrary(state: LibraryState): EventBody {
  const told = ({ vendor, product, serialNumber, targetName }: LibraryState["changer"]) => ({
    vendor,
    product,
    serialNumber,
    targetName,
  });
  return {
    type: "library.described",
    library: state.library,
    changer: told(state.changer),
    drives: state.drives.map((drive) => ({ address: drive.address, ...told(drive) })),
    ranges: state.ranges,
    occupied: state.cartridges.flatMap(({ barcode, address }) => {
      const type = elementTypeAt(state, address);
      return type === undefined ? [] : [{ address, type, barcode }];
    }),
  };
}
