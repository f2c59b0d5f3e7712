/**
 * The library as the gateway runs it: its state on disk, and the one way to change it.
 *
 * A change is computed, written down (whole file, atomically), and only then seen by anybody and told to the inventory.
 * Changes happen one at a time.
 */
import type { EventBody } from "@reelhouse/contracts";
import { keepState, readState } from "./kept-state.ts";
import type { KeptState } from "./kept-state.ts";
import {
  byOperator,
  cartridgeMoved,
  exportedBy,
  libraryDescribed,
  volumesExported,
} from "./library-events.ts";
import type { MovedBy } from "./library-events.ts";
import {
  cartridgeAt,
  cartridgeOf,
  elementTypeAt,
  expected,
  move as moveCartridge,
  place,
  removed,
  takeOut,
  unexpected,
} from "./library-state.ts";
import type { LibraryState } from "./library-state.ts";
import type { ShapeChange } from "./shape-changes.ts";

export interface Library {
  readonly state: LibraryState;
  /** Records a move that has been made possible; the event names who asked for it. */
  move(sourceAddress: number, destinationAddress: number, by: MovedBy): Promise<void>;
  /** A volume is about to be made for it: after a crash it belongs here. `unexpect`: it was not made. */
  expect(barcode: string): Promise<void>;
  unexpect(barcode: string): Promise<void>;
  /** A new cartridge appears in an empty element. */
  insert(barcode: string, address: number): Promise<void>;
  /** A cartridge leaves for good, unless it is in a drive or nowhere; `forget` follows when its files are gone. */
  remove(barcode: string): Promise<RemoveResult>;
  forget(barcode: string): Promise<void>;
  /** The first tapes are made. */
  bornWithTapes(): Promise<void>;
  /** Another shape: durable, and told to the inventory whole, when it resolves with one. */
  reshape(next: (now: LibraryState) => ShapeChange): Promise<ShapeChange>;
  /** The library ends by `work`, unless a cartridge is in it or comes or goes. */
  end(work: () => Promise<void>): Promise<EndResult>;
  /** Says the whole library again to the inventory, and which cartridges a host has put out. */
  describe(): void;
}

export interface RemoveResult {
  readonly kind: "removed" | "notFound" | "inDrive";
}

export type EndResult =
  | { readonly kind: "ended" }
  | { readonly kind: "occupied"; readonly barcode: string };

export interface LibraryOptions {
  readonly file: string;
  /** Makes the state of the first start. */
  readonly initial: () => LibraryState;
  readonly emit: (body: EventBody) => void;
}

export async function openLibrary({ file, initial, emit }: LibraryOptions): Promise<Library> {
  const kept = keepState(file, await readState(file, initial));
  return {
    get state() {
      return kept.state;
    },
    ...cartridgeChanges(kept, emit),
    ...shapeChanges(kept, emit),
    describe: () => {
      emit(libraryDescribed(kept.state));
      for (const event of volumesExported(kept.state)) emit(event);
    },
  };
}

type Emit = LibraryOptions["emit"];

function cartridgeChanges(
  kept: KeptState,
  emit: Emit,
): Pick<
  Library,
  "move" | "expect" | "unexpect" | "insert" | "remove" | "forget" | "bornWithTapes"
> {
  /** `next` sees the newest state; the event is made from the state before, where what leaves still is. */
  const change = (
    next: (now: LibraryState) => LibraryState,
    told?: (before: LibraryState) => EventBody,
  ): Promise<void> =>
    kept.inTurn(async () => {
      const before = kept.state;
      await kept.keep(next(before));
      if (told !== undefined) emit(told(before));
    });

  return {
    move: (source, destination, by) =>
      kept.inTurn(async () => {
        const before = kept.state;
        const barcode = cartridgeAt(before, source)?.barcode ?? "";
        const wasExported = cartridgeAt(before, source)?.exported !== null;
        const exported = exportedBy(before, source, destination, by);
        await kept.keep(moveCartridge(before, source, destination, exported));
        emit(cartridgeMoved(before, { barcode, source, destination, by }));
        if (!wasExported) for (const event of volumesExported(kept.state, destination)) emit(event);
      }),
    expect: (barcode) => change((now) => expected(now, barcode)),
    unexpect: (barcode) => change((now) => unexpected(now, barcode)),
    insert: (barcode, address) =>
      change(
        (now) => place(now, barcode, address, true),
        (before) =>
          cartridgeMoved(before, {
            barcode,
            source: undefined,
            destination: address,
            by: byOperator,
          }),
      ),
    remove: (barcode) =>
      kept.inTurn(async () => {
        const before = kept.state;
        const source = cartridgeOf(before, barcode)?.address;
        if (source === undefined) return { kind: "notFound" };
        if (elementTypeAt(before, source) === "dataTransfer") return { kind: "inDrive" };
        await kept.keep(takeOut(before, barcode));
        const gone = { barcode, source, destination: undefined, by: byOperator };
        emit(cartridgeMoved(before, gone));
        return { kind: "removed" };
      }),
    forget: (barcode) =>
      change(
        (now) => removed(now, barcode),
        ({ library }) => ({ type: "volume.removed", library, barcode }),
      ),
    bornWithTapes: () => change((now) => ({ ...now, firstTapes: [] })),
  };
}

const shapeChanges = (kept: KeptState, emit: Emit): Pick<Library, "reshape" | "end"> => ({
  reshape: (next) =>
    kept.inTurn(async () => {
      const change = next(kept.state);
      if (change.kind === "changed") {
        await kept.keep(change.state);
        emit(libraryDescribed(kept.state));
      }
      return change;
    }),
  end: (work) =>
    kept.inTurn(async () => {
      const { cartridges, arriving, removing } = kept.state;
      const [barcode] = [...cartridges.map((held) => held.barcode), ...arriving, ...removing];
      if (barcode !== undefined) return { kind: "occupied", barcode };
      kept.end();
      await work();
      return { kind: "ended" };
    }),
});
