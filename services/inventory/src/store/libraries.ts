/** Reading a library: its changer, its drives, and every element with what is in it. */
import { elementRanges, elementType, type libraryView } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { z } from "zod";
import type { Library } from "../../generated/prisma/client.ts";
import type { Transaction } from "../database.ts";
import { changerOf } from "./library-outlines.ts";

export type LibraryView = z.infer<typeof libraryView>;

/** The library of that name, or the first of the only gateway. */
export async function findLibrary(
  database: Transaction,
  name: string | undefined,
): Promise<Library> {
  const found = await database.library.findMany({
    where: name === undefined ? {} : { name },
    orderBy: { name: "asc" },
  });
  // A gateway's first library has its name; those that were added to it must be named.
  const firsts = found.filter((each) => each.name === each.gateway);
  const [library, another] = name === undefined && firsts.length > 0 ? firsts : found;
  if (library === undefined) {
    throw new ServiceError("NOT_FOUND", { detail: "No gateway has described such a library yet." });
  }
  if (another !== undefined) {
    throw new ServiceError("INVALID_REQUEST", {
      field: "query.library",
      detail: "There are several libraries; name one.",
    });
  }
  return library;
}

const addressesOf = ({ firstAddress, count }: { firstAddress: number; count: number }) =>
  Array.from({ length: count }, (_, index) => firstAddress + index);

/** The whole library; up to 65,536 elements, which is what a changer can address. */
export async function viewLibrary(database: Transaction, library: Library): Promise<LibraryView> {
  const where = { library: library.name };
  const drives = await database.drive.findMany({ where, orderBy: { address: "asc" } });
  const occupied = await database.element.findMany({ where, orderBy: { address: "asc" } });
  const barcodes = new Map(occupied.map(({ address, barcode }) => [address, barcode]));
  const known = elementRanges.parse(library.ranges);
  const described = elementType.options.flatMap((type) =>
    addressesOf(known[type]).map((address) => ({ address, type })),
  );
  return {
    gateway: library.gateway,
    library: library.name,
    changer: changerOf(library),
    drives: drives.map(({ library: _library, ...drive }) => ({
      ...drive,
      barcode: barcodes.get(drive.address) ?? null,
    })),
    elements: described
      .sort((a, b) => a.address - b.address)
      .map((element) => ({ ...element, barcode: barcodes.get(element.address) ?? null })),
  };
}
