/** kill -9 during MOVE MEDIUM: no cartridge is lost or doubled, an answered move holds, and the inventory agrees. */
import { type Changer, IscsiError } from "@reelhouse/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { untilGatewayIsBack, whileDying } from "./deaths.ts";
import { inChanger, type Places, placesText, untilInventoryAgrees } from "./library-agreement.ts";
import { type Product, startProduct } from "./product.ts";
import { chooseSeed, createRandom } from "./random.ts";

const CARTRIDGES = 8;
const DEATH_MS_MAX = 500;
const ROUNDS = ["gateway", "gateway", "everything", "gateway", "gateway"] as const;

const random = createRandom(chooseSeed("kill-changer"));
let product: Product;

beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.showOnFailure());
afterAll(() => product.close());

interface Move {
  readonly barcode: string;
  readonly from: number;
  readonly to: number;
}

const pick = <T>(from: readonly T[]): T => {
  const one = from[random.between(0, from.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
};

/** Moves cartridges at random until the session is gone; `places` is kept with each answer, `under` with each begin. */
const moveUntilCut = async (changer: Changer, places: Map<string, number>, under: Move[]) => {
  const free = (await changer.elements())
    .filter(({ full, type }) => !full && type !== "transport")
    .map(({ address }) => address);
  for (;;) {
    const [barcode, from] = pick([...places]);
    const to = pick(free);
    under.splice(0, 1, { barcode, from, to });
    await changer.move(from, to);
    places.set(barcode, to);
    free.splice(free.indexOf(to), 1, from);
  }
};

/** What the model says, with the unanswered move done or not done: the changer must hold one of the two. */
const expectOneOf = (found: Places, places: Places, unanswered: Move | undefined): void => {
  const done = new Map(places);
  if (unanswered !== undefined) done.set(unanswered.barcode, unanswered.to);
  expect([placesText(places), placesText(done)]).toContain(placesText(found));
};

test("killed during moves, again and again → every cartridge in one element, where the last answer put it", async () => {
  for (const victim of ROUNDS) {
    const { reelhouse } = product;
    const changer = await product.changer();
    const places = await inChanger(changer);
    expect(places.size).toBe(CARTRIDGES);
    const under: Move[] = [];
    const error = await whileDying(reelhouse, victim, random.between(1, DEATH_MS_MAX), () =>
      moveUntilCut(changer, places, under),
    );
    expect(error).toBeInstanceOf(IscsiError);
    if (victim === "gateway") await untilGatewayIsBack(reelhouse);
    else await product.startAgain();
    const found = await inChanger(await product.changer());
    expectOneOf(found, places, under[0]);
    await untilInventoryAgrees(product.reelhouse, found);
  }
});
