/** A library as a plain map, for tests of the changer only. */
import type { Element, ElementType, MoveResult, Robot } from "./smc/robot.ts";
import type { MaybePromise } from "./task.ts";

type Refusal = Extract<MoveResult, { kind: "refused" }>["reason"];

export const testRanges: Robot["ranges"] = {
  transport: { firstAddress: 0, count: 1 },
  dataTransfer: { firstAddress: 10_000, count: 2 },
  storage: { firstAddress: 20_000, count: 5 },
  importExport: { firstAddress: 30_000, count: 2 },
};

const typesInOrder = ["transport", "dataTransfer", "storage", "importExport"] as const;

export class FakeRobot implements Robot {
  ranges = testRanges;
  readonly cartridges = new Map<number, string>([
    [20_000, "RHS001L8"],
    [20_001, "RHS002L8"],
  ]);
  readonly sources = new Map<string, number>();
  readonly entered = new Set<string>();
  /** Addresses of drives that were not told to unload. */
  readonly threaded = new Set<number>();
  /** Addresses of data transfer elements whose drive was taken out. */
  readonly withoutDrive = new Set<number>();
  readonly moves: string[] = [];
  /** Refuses the move with that number, counted from 1. */
  readonly refusals = new Map<number, Refusal>();

  elements(type: ElementType | "all", firstAddress: number, countMax: number): readonly Element[] {
    return typesInOrder
      .filter((each) => type === "all" || each === type)
      .flatMap((each) => this.#elementsOf(each))
      .filter((element) => element.address >= firstAddress)
      .slice(0, countMax);
  }

  move(sourceAddress: number, destinationAddress: number): MaybePromise<MoveResult> {
    this.moves.push(`${sourceAddress} to ${destinationAddress}`);
    const refusal =
      this.refusals.get(this.moves.length) ?? this.#fault(sourceAddress, destinationAddress);
    if (refusal !== undefined) return { kind: "refused", reason: refusal, detail: "test" };
    const barcode = this.cartridges.get(sourceAddress)!;
    this.cartridges.delete(sourceAddress);
    this.cartridges.set(destinationAddress, barcode);
    if (sourceAddress >= testRanges.storage.firstAddress) this.sources.set(barcode, sourceAddress);
    return { kind: "moved" };
  }

  #fault(sourceAddress: number, destinationAddress: number): Refusal | undefined {
    if (!this.cartridges.has(sourceAddress)) return "sourceEmpty";
    return this.cartridges.has(destinationAddress) ? "destinationFull" : undefined;
  }

  #elementsOf(type: ElementType): readonly Element[] {
    const { firstAddress, count } = this.ranges[type];
    return Array.from({ length: count }, (_, index) => {
      const address = firstAddress + index;
      const barcode = this.cartridges.get(address);
      return {
        address,
        type,
        barcode,
        sourceAddress: barcode === undefined ? undefined : this.sources.get(barcode),
        enteredByOperator: barcode !== undefined && this.entered.has(barcode),
        drive:
          type === "dataTransfer" && !this.withoutDrive.has(address)
            ? {
                vendor: "IBM",
                product: "ULT3580-TD8",
                serialNumber: `RHD${index}`,
                accessible: true,
                threaded: this.threaded.has(address),
              }
            : undefined,
      };
    });
  }
}
