/**
 * The library as the gateway runs it: its state on disk, and the one way to change it.
 *
 * A change is computed, written down (whole file, atomically), and only then seen by anybody and told to the inventory.
 * Changes happen one at a time.
 */
import { readFile } from "node:fs/promises";
import type { EventBody } from "@reelhouse/contracts";
import { errorCode, replaceFile } from "@reelhouse/service-kit";
import { createInTurn } from "../in-turn.ts";
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
  /** A cartridge leaves for good, unless it is in a drive or nowhere; `forget` follows when its files are gone. */
  remove(barcode: string): Promise<RemoveResult>;
  forget(barcode: string): Promise<void>;
  /** The first tapes are made. */
  bornWithTapes(): Promise<void>;
  /** Says the whole library again to the inventory, and which cartridges a host has put out. */
  describe(): void;
}

export interface RemoveResult {
  readonly kind: "removed" | "notFound" | "inDrive";
}

export interface LibraryOptions {
  readonly file: string;
  /** Makes the state of the first start. */
  readonly initial: () => LibraryState;
  readonly emit: (body: EventBody) => void;
}

const writeState = (file: string, state: LibraryState): Promise<void> =>
  replaceFile(file, JSON.stringify(state, null, 1));

export async function openLibrary({ file, initial, emit }: LibraryOptions): Promise<Library> {
  let state = await readState(file, initial);
  const inTurn = createInTurn();

  const keep = async (after: LibraryState): Promise<void> => {
    await writeState(file, after);
    state = after;
  };

  /** `next` sees the newest state; the event is made from the state before, where what leaves still is. */
  const change = (
    next: (now: LibraryState) => LibraryState,
    told?: (before: LibraryState) => EventBody,
  ): Promise<void> =>
    inTurn(async () => {
      const before = state;
      await keep(next(before));
      if (told !== undefined) emit(told(before));
    });

  return {
    get state() {
      return state;
    },
    move: (source, destination, by) =>
      inTurn(async () => {
        const before = state;
        const barcode = cartridgeAt(before, source)?.barcode ?? "";
        const wasExported = cartridgeAt(before, source)?.exported !== null;
        const exported = exportedBy(before, source, destination, by);
        await keep(moveCartridge(before, source, destination, exported));
        emit(cartridgeMoved(before, { barcode, source, destination, by }));
        if (!wasExported) for (const event of volumesExported(state, destination)) emit(event);
      }),
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
      inTurn(async () => {
        const before = state;
        const source = cartridgeOf(before, barcode)?.address;
        if (source === undefined) return { kind: "notFound" };
        if (elementTypeAt(before, source) === "dataTransfer") return { kind: "inDrive" };
        await keep(takeOut(before, barcode));
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
    describe: () => {
      emit(libraryDescribed(state));
      for (const event of volumesExported(state)) emit(event);
    },
  };
}

async function readState(file: string, initial: () => LibraryState): Promise<LibraryState> {
  try {
    return libraryState.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw new Error(
        `the library's file ${file} cannot be read; restore it from a copy, do not delete it`,
        { cause: error },
      );
    }
    const state = initial();
    await writeState(file, state);
    return state;
  }
}
