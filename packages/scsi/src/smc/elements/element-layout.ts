/** Where the elements of a new library are: as its model has them, or close together when there are too many for that. */
import assert from "node:assert/strict";
import type { ChangerModel } from "../models/changer-model.ts";
import type { ElementRange, ElementType } from "../robot.ts";

export type ElementCounts = Readonly<Record<ElementType, number>>;
type Ranges = Readonly<Record<ElementType, ElementRange>>;

/** Element addresses are 16 bits. */
const addressEnd = 0x1_0000;

/** 64 drives and 5,000 import/export elements leave room for 60,000 storage elements. */
const denseAddresses = { transport: 0, dataTransfer: 256, importExport: 512 } as const;

const rangesAt = (first: Readonly<Record<ElementType, number>>, counts: ElementCounts): Ranges => ({
  transport: { firstAddress: first.transport, count: counts.transport },
  dataTransfer: { firstAddress: first.dataTransfer, count: counts.dataTransfer },
  storage: { firstAddress: first.storage, count: counts.storage },
  importExport: { firstAddress: first.importExport, count: counts.importExport },
});

/** Whether no two ranges meet and none goes past the last address. */
function fits(ranges: Ranges): boolean {
  const inOrder = Object.values(ranges).toSorted(
    (one, other) => one.firstAddress - other.firstAddress,
  );
  return inOrder.every(({ firstAddress, count }, index) => {
    const end = inOrder[index + 1]?.firstAddress ?? addressEnd;
    return firstAddress + count <= end;
  });
}

/** The ranges of a library of that model. The counts fit the address space: a caller checks what it lets in. */
export function layElements(
  { firstAddresses }: Pick<ChangerModel, "firstAddresses">,
  counts: ElementCounts,
): Ranges {
  const asModel = rangesAt(firstAddresses, counts);
  if (fits(asModel)) return asModel;
  const storage = denseAddresses.importExport + counts.importExport;
  const dense = rangesAt({ ...denseAddresses, storage }, counts);
  assert(fits(dense), "more elements than there are addresses");
  return dense;
}
