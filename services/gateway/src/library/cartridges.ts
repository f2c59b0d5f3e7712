/**
 * Cartridges come and go: a volume on disk and a place in the library, made and removed together.
 *
 * Order, so that a crash leaves nothing half: a new volume is on disk before it has a place (a volume without a place
 * gets one at the next start); a removed one loses its place, with a note, before its files go (the note is
 * worked off at the next start).
 */
import type { CreateVolumeBody, EventBody } from "@reelhouse/contracts";
import { cartridgeTypeOf } from "@reelhouse/scsi";
import { createInTurn } from "../in-turn.ts";
import type { Media } from "../media/media.ts";
import { volumeState } from "../media/volume-state.ts";
import type { Library, RemoveResult } from "./library.ts";
import { cartridgeOf, freeAddress } from "./library-state.ts";

export type CreateResult =
  | { readonly kind: "created"; readonly address: number }
  | { readonly kind: "exists" }
  | { readonly kind: "noFreeElement" };

export interface Cartridges {
  create(body: CreateVolumeBody): Promise<CreateResult>;
  remove(barcode: string): Promise<RemoveResult>;
  /** The tapes a new library is born with, those that are not there yet. */
  makeFirst(capacityBytes: number): Promise<void>;
  /** Finishes what a crash interrupted. Says what it did. */
  repair(): Promise<readonly string[]>;
}

export interface CartridgesOptions {
  readonly library: Library;
  readonly media: Pick<Media, "has" | "barcodes" | "create" | "remove">;
  readonly emit: (body: EventBody) => void;
}

export function createCartridges({ library, media, emit }: CartridgesOptions): Cartridges {
  /** Two creations must not want the same element. */
  const inTurn = createInTurn();

  const create = async (body: CreateVolumeBody): Promise<CreateResult> => {
    if (media.has(body.barcode)) return { kind: "exists" };
    const address = freeAddress(library.state, body.element);
    if (address === undefined) return { kind: "noFreeElement" };
    // A label of a write-once cartridge makes one, whatever was asked for.
    const worm = body.worm || cartridgeTypeOf(body.barcode)?.kind === "worm";
    const volume = await media.create({ ...body, worm });
    emit({ type: "volume.created", ...volumeState(library.state.library, volume) });
    await library.insert(body.barcode, address);
    return { kind: "created", address };
  };

  const remove = async (barcode: string): Promise<RemoveResult> => {
    const taken = await library.remove(barcode);
    if (taken.kind !== "removed") return taken;
    await media.remove(barcode);
    await library.forget(barcode);
    return taken;
  };

  const repair = async (): Promise<readonly string[]> => {
    const done: string[] = [];
    for (const barcode of library.state.removing) {
      await media.remove(barcode);
      await library.forget(barcode);
      done.push(`removed the files of ${barcode}, which had left the library`);
    }
    for (const barcode of media.barcodes()) {
      if (cartridgeOf(library.state, barcode) !== undefined) continue;
      const address =
        freeAddress(library.state, "storage") ?? freeAddress(library.state, "importExport");
      if (address === undefined) {
        done.push(`${barcode} has no place in the library, and no element is free`);
        continue;
      }
      await library.insert(barcode, address);
      done.push(`put ${barcode}, which had no place, into element ${address}`);
    }
    return done;
  };

  const makeFirst = async (capacityBytes: number): Promise<void> => {
    if (library.state.firstTapes.length === 0) return;
    for (const barcode of library.state.firstTapes) {
      await create({ barcode, capacityBytes, worm: false, pool: null, element: "storage" });
    }
    await library.bornWithTapes();
  };

  return {
    makeFirst: (capacityBytes) => inTurn(() => makeFirst(capacityBytes)),
    create: (body) => inTurn(() => create(body)),
    remove: (barcode) => inTurn(() => remove(barcode)),
    repair: () => inTurn(repair),
  };
}
