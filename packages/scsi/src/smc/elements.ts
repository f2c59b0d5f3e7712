/** Element addresses and moves, for the commands that name them (SMC-3 5). */
import { check } from "../completion.ts";
import type { SenseName } from "../sense.ts";
import type { Completion } from "../task.ts";
import type { MediumChanger } from "./medium-changer.ts";
import type { ElementType, MoveResult } from "./robot.ts";

const elementTypes = ["transport", "storage", "importExport", "dataTransfer"] as const;

export function typeOfElement(changer: MediumChanger, address: number): ElementType | undefined {
  return elementTypes.find((type) => {
    const { firstAddress, count } = changer.robot.ranges[type];
    return address >= firstAddress && address < firstAddress + count;
  });
}

/** A fault when an address is no element's, or is the transport's where a cartridge cannot stay. */
export function invalidPlace(
  changer: MediumChanger,
  address: number,
  cdbByte: number,
): Completion | undefined {
  const type = typeOfElement(changer, address);
  if (type !== undefined && type !== "transport") return undefined;
  return invalidElement(cdbByte);
}

/** Zero names the default transport (SMC-3 6.6); any other address must be a transport's. */
export function invalidTransport(
  changer: MediumChanger,
  address: number,
  cdbByte: number,
): Completion | undefined {
  if (address === 0 || typeOfElement(changer, address) === "transport") return undefined;
  return invalidElement(cdbByte);
}

const invalidElement = (cdbByte: number): Completion =>
  check("invalidElementAddress", { field: { in: "cdb", byte: cdbByte } });

type Refusal = Extract<MoveResult, { kind: "refused" }>["reason"];

const refusals: Readonly<Record<Refusal, SenseName>> = {
  sourceEmpty: "sourceElementEmpty",
  destinationFull: "destinationElementFull",
  "medium removal prevented": "mediumRemovalPrevented",
  "drive not ready": "becomingReady",
  fault: "mechanicalPositioningError",
};

export function refusalCompletion(reason: Refusal): Completion {
  return check(refusals[reason]);
}

/** The barcode of what lies at `address`. */
export function barcodeAt(changer: MediumChanger, address: number): string | undefined {
  const [element] = changer.robot.elements("all", address, 1);
  return element?.address === address ? element.barcode : undefined;
}
