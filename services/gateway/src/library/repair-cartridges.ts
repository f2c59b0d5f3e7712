/** Finishes what a crash interrupted while cartridges of a library came and went. Says what it did. */
import type { CartridgesOptions } from "./cartridges.ts";
import { cartridgeOf, freeAddress } from "./library-state.ts";

export async function repairCartridges({
  library,
  media,
  isOurs,
}: Pick<CartridgesOptions, "library" | "media" | "isOurs">): Promise<readonly string[]> {
  const done: string[] = [];
  for (const barcode of library.state.removing) {
    await media.remove(barcode);
    await library.forget(barcode);
    done.push(`removed the files of ${barcode}, which had left the library`);
  }
  for (const barcode of media.barcodes()) {
    if (!isOurs(barcode) || cartridgeOf(library.state, barcode) !== undefined) continue;
    const address =
      freeAddress(library.state, "storage") ?? freeAddress(library.state, "importExport");
    if (address === undefined) {
      done.push(`${barcode} has no place in the library, and no element is free`);
      continue;
    }
    await library.insert(barcode, address);
    done.push(`put ${barcode}, which had no place, into element ${address}`);
  }
  for (const barcode of library.state.arriving)
    if (!media.has(barcode)) await library.unexpect(barcode);
  return done;
}
