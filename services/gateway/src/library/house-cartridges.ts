/** Cartridges of all libraries of the gateway: made in the library that is named, removed where they are. */
import type { CreateVolumeBody } from "@reelhouse/contracts";
import type { Cartridges, CreateResult, RemovalPrevented } from "./cartridges.ts";
import type { Libraries } from "./libraries.ts";
import type { RemoveResult } from "./library.ts";

export interface HouseCartridges {
  /** Without a library's name: in the first. */
  create(body: CreateVolumeBody): Promise<CreateResult | { readonly kind: "noSuchLibrary" }>;
  remove(barcode: string): Promise<RemoveResult | RemovalPrevented>;
}

export function createHouseCartridges(
  { first, libraryOf }: Pick<Libraries, "first" | "libraryOf">,
  robotics: ReadonlyMap<string, { readonly cartridges: Cartridges }>,
): HouseCartridges {
  return {
    create: async (body) =>
      robotics.get(body.library ?? first.state.library)?.cartridges.create(body) ?? {
        kind: "noSuchLibrary",
      },
    remove: async (barcode) =>
      robotics.get(libraryOf(barcode))?.cartridges.remove(barcode) ?? { kind: "notFound" },
  };
}
