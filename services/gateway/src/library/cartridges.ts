/**
 * Cartridges come and go: a volume on disk and a place in the library, made and removed together.
 *
 * Order, so that a crash leaves nothing half: that a volume is to be made for this library is noted first, then it is on
 * disk, then it has a place (a volume without a place gets one at the next start); a removed one loses its place, with a
 * note, before its files go (the note is worked off at the next start). Places are given and taken between the changer's
 * commands, and its hosts are told.
 */
import type { CreateVolumeBody, EventBody } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import { cartridgeTypeOf } from "@reelhouse/scsi";
import type { InTurn } from "../in-turn.ts";
import type { Media } from "../media/media.ts";
import { volumeState } from "../media/volume-state.ts";
import type { Library, RemoveResult } from "./library.ts";
import { cartridgeOf, freeAddress } from "./library-state.ts";
import { operatorDoor } from "./operator-door.ts";
import type { DoorChanger } from "./operator-door.ts";
import { repairCartridges } from "./repair-cartridges.ts";

export type CreateResult =
  | { readonly kind: "created"; readonly address: number }
  | { readonly kind: "exists" }
  | { readonly kind: "noFreeElement" };

/** A host prevents removal from the library's import/export elements, and the cartridge lies in one. */
export interface RemovalPrevented {
  readonly kind: "removalPrevented";
}

export interface Cartridges {
  create(body: CreateVolumeBody): Promise<CreateResult>;
  remove(barcode: string): Promise<RemoveResult | RemovalPrevented>;
  /** The tapes a new library is born with, those that are not there yet. */
  makeFirst(capacityBytes: number): Promise<void>;
  /** Finishes what a crash interrupted. Says what it did. */
  repair(): Promise<readonly string[]>;
}

export interface CartridgesOptions {
  readonly library: Library;
  readonly media: Pick<Media, "has" | "barcodes" | "create" | "remove">;
  readonly emit: (body: EventBody) => void;
  /** Volumes without a place that belong to this library and not to another of the gateway. */
  readonly isOurs: (barcode: string) => boolean;
  /** Two creations must not want the same element, nor the same barcode in two libraries. */
  readonly inTurn: InTurn;
  /** Undefined before the devices are open. */
  readonly changer: () => DoorChanger | undefined;
}

export function createCartridges(options: CartridgesOptions): Cartridges {
  const { library, media, emit, inTurn } = options;
  const door = operatorDoor(library, options.changer);

  const create = async (body: CreateVolumeBody): Promise<CreateResult> => {
    if (media.has(body.barcode)) return { kind: "exists" };
    if (freeAddress(library.state, body.element) === undefined) return { kind: "noFreeElement" };
    // A label of a write-once cartridge makes one, whatever was asked for.
    const worm = body.worm || cartridgeTypeOf(body.barcode)?.kind === "worm";
    await library.expect(body.barcode);
    const volume = await made(body, worm);
    emit({ type: "volume.created", ...volumeState(library.state.library, volume) });
    return door.pass((tell) => putIn(body, tell));
  };

  const made = async (body: CreateVolumeBody, worm: boolean): Promise<Volume> => {
    try {
      return await media.create({ ...body, worm });
    } catch (error) {
      await library.unexpect(body.barcode);
      throw error;
    }
  };

  /** The changer may have filled the element that was free before: the next one, then; or the volume goes again. */
  const putIn = async (
    { barcode, element }: CreateVolumeBody,
    tell: (address: number) => void,
  ): Promise<CreateResult> => {
    const address = freeAddress(library.state, element);
    if (address === undefined) {
      await media.remove(barcode);
      await library.unexpect(barcode);
      emit({ type: "volume.removed", library: library.state.library, barcode });
      return { kind: "noFreeElement" };
    }
    await library.insert(barcode, address);
    tell(address);
    return { kind: "created", address };
  };

  const takeOut = (barcode: string): Promise<RemoveResult | RemovalPrevented> =>
    door.pass(async (tell) => {
      const address = cartridgeOf(library.state, barcode)?.address;
      if (address !== undefined && door.isLocked(address)) return { kind: "removalPrevented" };
      const taken = await library.remove(barcode);
      if (taken.kind === "removed" && address !== undefined) tell(address);
      return taken;
    });

  const remove = async (barcode: string): Promise<RemoveResult | RemovalPrevented> => {
    const taken = await takeOut(barcode);
    if (taken.kind !== "removed") return taken;
    await media.remove(barcode);
    await library.forget(barcode);
    return taken;
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
    repair: () => inTurn(() => repairCartridges(options)),
  };
}
