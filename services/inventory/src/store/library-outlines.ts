/** Libraries without what lies in them, as the gateways described them last. */
import { elementRanges, type LibraryOutline, type LibrarySummary } from "@reelhouse/contracts";
import type { Drive, Library } from "../../generated/prisma/client.ts";
import type { Transaction } from "../database.ts";

/** The changer of a library, as both of its views show it. */
export const changerOf = (library: Library): LibrarySummary["changer"] => ({
  vendor: library.changerVendor,
  product: library.changerProduct,
  serialNumber: library.changerSerialNumber,
  targetName: library.changerTargetName,
});

const summary = (library: Library, drives: readonly Drive[]): LibrarySummary => ({
  gateway: library.gateway,
  library: library.name,
  changer: changerOf(library),
  drives: drives.filter((drive) => drive.library === library.name),
  ranges: elementRanges.parse(library.ranges),
});

/** In order of name. Ranges are kept as JSON because nothing is asked of single ones. */
export async function listLibraries(database: Transaction): Promise<LibrarySummary[]> {
  const libraries = await database.library.findMany({ orderBy: { name: "asc" } });
  const drives = await database.drive.findMany({ orderBy: { address: "asc" } });
  return libraries.map((library) => summary(library, drives));
}

export async function outlineOf(
  database: Transaction,
  name: string,
): Promise<LibraryOutline | undefined> {
  const library = await database.library.findUnique({ where: { name } });
  if (library === null) return undefined;
  const where = { library: name };
  return summary(library, await database.drive.findMany({ where, orderBy: { address: "asc" } }));
}
