/** Element addresses of new libraries. */
import { expect, test } from "vitest";
import { changerModelOf, changerModels } from "../models/changer-models.ts";
import { layElements } from "./element-layout.ts";

const counts = (dataTransfer: number, storage: number, importExport: number) => ({
  transport: 1,
  dataTransfer,
  storage,
  importExport,
});

test("AWS's changer → AWS's addresses", () => {
  const ranges = layElements(changerModelOf({ vendor: "AWS", product: "Gateway-VTL" }), {
    ...counts(10, 1600, 1600),
  });
  expect(Object.values(ranges).map(({ firstAddress }) => firstAddress)).toEqual([
    0, 10_000, 20_000, 30_000,
  ]);
});

test.each(changerModels.map(({ vendor, product }) => [vendor, product]))(
  "%s %s of an ordinary size → its own addresses",
  (vendor, product) => {
    const model = changerModelOf({ vendor, product });
    const ranges = layElements(model, counts(4, 100, 20));
    expect(ranges.storage).toEqual({ firstAddress: model.firstAddresses.storage, count: 100 });
    expect(ranges.dataTransfer.firstAddress).toBe(model.firstAddresses.dataTransfer);
  },
);

test.each(changerModels)(
  "$vendor $product with the most elements → none twice, none past 65535",
  (model) => {
    const ranges = layElements(model, counts(64, 60_000, 5000));
    const taken = new Set<number>();
    for (const { firstAddress, count } of Object.values(ranges)) {
      for (let address = firstAddress; address < firstAddress + count; address++)
        taken.add(address);
    }
    expect(taken.size).toBe(1 + 64 + 60_000 + 5000);
    expect(
      Math.max(...Object.values(ranges).map((each) => each.firstAddress + each.count)),
    ).toBeLessThanOrEqual(0x1_0000);
  },
);

test("names of models → fit INQUIRY, and none is there twice", () => {
  const names = new Set(changerModels.map(({ vendor, product }) => `${vendor} ${product}`));
  expect(names.size).toBe(changerModels.length);
  for (const { vendor, product, revision } of changerModels) {
    expect([vendor.length <= 8, product.length <= 16, revision.length]).toEqual([true, true, 4]);
  }
});

test("more elements than addresses → the process stops rather than give one address twice", () => {
  expect(() =>
    layElements(changerModelOf({ vendor: "", product: "" }), counts(64, 60_000, 6000)),
  ).toThrow("more elements than there are addresses");
});
