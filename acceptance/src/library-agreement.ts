/** Where cartridges are, as the changer and as the inventory tell it. */
import { type Changer, type Reelhouse, waitUntil } from "@reelhouse/testing";

const AGREEMENT_MS = 60_000;

/** Element address by barcode. */
export type Places = ReadonlyMap<string, number>;

interface Place {
  readonly address: number;
  readonly barcode?: string | null | undefined;
}

/** Throws when a cartridge is in two elements. */
const placesOf = (elements: readonly Place[]): Map<string, number> => {
  const places = new Map<string, number>();
  for (const { barcode, address } of elements) {
    if (barcode === undefined || barcode === null) continue;
    if (places.has(barcode)) throw new Error(`${barcode} is in ${places.get(barcode)}, ${address}`);
    places.set(barcode, address);
  }
  return places;
};

export const inChanger = async (changer: Changer): Promise<Map<string, number>> =>
  placesOf(await changer.elements());

const inInventory = async ({ api }: Reelhouse): Promise<Places | undefined> => {
  const answer = await api
    .request<{ elements: Place[] }>("GET", "/v1/library")
    .catch(() => undefined);
  return answer?.status === 200 ? placesOf(answer.body.elements) : undefined;
};

/** Comparable, and readable when it differs. */
export const placesText = (places: Places): string =>
  [...places]
    .map(([barcode, address]) => `${barcode} in ${address}`)
    .sort()
    .join(", ");

/** Waits until the inventory says of every cartridge what the changer says. REST may fail meanwhile. */
export const untilInventoryAgrees = (reelhouse: Reelhouse, found: Places): Promise<true> =>
  waitUntil(
    async () => {
      const told = await inInventory(reelhouse);
      return told !== undefined && placesText(told) === placesText(found) ? true : undefined;
    },
    { what: "an inventory that agrees with the changer", timeoutMs: AGREEMENT_MS },
  );
